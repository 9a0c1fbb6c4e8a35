// Package project combines a history with the comments in its files.
package project

import (
	"fmt"
	"strings"

	"guestlist/migrations/internal/graph"
	"guestlist/migrations/internal/runner"
	"guestlist/migrations/internal/source"
	"guestlist/migrations/revision"
)

// Project is a history with the comments of its revisions.
type Project struct {
	*runner.History

	headers map[string]source.Header // by file name
}

// Load returns the project of a registry whose applied ids are in table. For an invalid history, it returns one of the
// errors of graph.New.
func Load(registry *revision.Registry, table string) (*Project, error) {
	history, err := runner.NewHistory(table, registry.Revisions())
	if err != nil {
		return nil, err
	}
	headers, err := source.Headers(registry.Sources())
	if err != nil {
		return nil, err
	}
	return &Project{History: history, headers: headers}, nil
}

// Header returns the comment of a revision.
func (p *Project) Header(id string) source.Header { return p.headers[p.Revision(id).File] }

// Describe returns a step as Alembic logs it: upgrade a -> b, message.
func (p *Project) Describe(step graph.Step) string {
	text := fmt.Sprintf("%s %s -> %s", step.Kind, strings.Join(step.From, ", "), strings.Join(step.To, ", "))
	if step.Kind == graph.Stamp {
		return text
	}
	return text + ", " + p.Header(step.Revision).Message
}

// Revisions returns the revisions of ids that the graph returned.
func (p *Project) Revisions(ids []string) []graph.Revision {
	found := make([]graph.Revision, 0, len(ids))
	for _, id := range ids {
		r, _ := p.Graph.Revision(id)
		found = append(found, r)
	}
	return found
}
