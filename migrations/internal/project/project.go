// Package project is a history together with what the comments in its files say.
package project

import (
	"fmt"
	"strings"

	"guestlist/migrations/internal/graph"
	"guestlist/migrations/internal/runner"
	"guestlist/migrations/internal/source"
	"guestlist/migrations/revision"
)

// Project is a history whose revisions have messages.
type Project struct {
	*runner.History

	headers map[string]source.Header // by file name
}

// Load builds the history of a registry whose ids are recorded in table. An unsound history is one of the errors of
// graph.New.
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

// Describe returns a step in the words of Alembic's log.
func (p *Project) Describe(step graph.Step) string {
	text := fmt.Sprintf("%s %s -> %s", step.Kind, strings.Join(step.From, ", "), strings.Join(step.To, ", "))
	if step.Kind == graph.Stamp {
		return text
	}
	return text + ", " + p.Header(step.Revision).Message
}

// Revisions looks up ids that the graph itself returned.
func (p *Project) Revisions(ids []string) []graph.Revision {
	found := make([]graph.Revision, 0, len(ids))
	for _, id := range ids {
		r, _ := p.Graph.Revision(id)
		found = append(found, r)
	}
	return found
}
