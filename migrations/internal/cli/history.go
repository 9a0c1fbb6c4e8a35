package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"guestlist/migrations/internal/graph"
	"guestlist/migrations/internal/hint"
	"guestlist/migrations/internal/picture"
)

// errNoGraph is the error for --format or --output without --graph.
var errNoGraph = hint.New(errors.New("--format and --output need --graph"),
	"they set the format and the file of the graph")

// isSet reports whether a format or a file is given.
func (f *pictureFlags) isSet() bool { return f.format != "" || f.output != "" }

// historyFormat returns the format of a graph of the history.
func (f *pictureFlags) historyFormat(drawn, asJSON bool) (string, error) {
	switch {
	case f.isSet() && asJSON:
		return "", errPictureJSON
	case drawn && asJSON:
		return "", errGraphJSON
	case f.isSet() && !drawn:
		return "", errNoGraph
	}
	return f.chooseFormat(textFormat, svgFormat)
}

// historyPicture draws revisions and marks the current ones.
func (s *session) historyPicture(revisions []graph.Revision, current []string, format string) string {
	p := s.printer()
	p.current = current
	if format == textFormat {
		var text strings.Builder
		for _, row := range p.rows(revisions) {
			text.WriteString(row + "\n")
		}
		return text.String()
	}
	commits := make([]picture.Commit, 0, len(revisions))
	for _, r := range revisions {
		header := s.Header(r.ID)
		c := picture.Commit{
			ID: r.ID, Down: r.Down, Needs: r.Dependencies, Labels: r.Branches,
			Head: r.IsRealHead(), Current: slices.Contains(current, r.ID), Message: header.Message, Created: header.Created(),
		}
		if r.IsHead() && !r.IsRealHead() {
			c.Notes = append(c.Notes, "effective head")
		}
		if len(r.Replaces) > 0 {
			c.Notes = append(c.Notes, fmt.Sprintf("replaces %d", len(r.Replaces)))
		}
		commits = append(commits, c)
	}
	return picture.History("History: "+counted(int64(len(commits)), "revision"), commits)
}
