package cli

import (
	"errors"
	"fmt"
	"os"

	"guestlist/migrations/internal/autogen"
)

// partID returns the id of the n-th of several revisions: the given one with n appended, or a random one.
func (s *session) partID(p proposal, n, of int) (string, error) {
	switch {
	case n == 1 && (of == 1 || !p.given):
		return p.ID, nil
	case p.given:
		p.ID = fmt.Sprint(p.ID, n)
		_, err := s.Graph.Propose(p.Proposal) // it may be taken
		return p.ID, err
	}
	p.ID = ""
	err := s.complete(&p)
	return p.ID, err
}

// writeAll writes the files of drafts. On failure it leaves none.
func (s *session) writeAll(all []drafted) error {
	var paths []string
	for _, d := range all {
		path, err := s.writeFile(d.file)
		if err != nil {
			for _, written := range paths {
				err = errors.Join(err, os.Remove(written))
			}
			return err
		}
		paths = append(paths, path)
	}
	for _, path := range paths {
		s.program.printDone("Generating", path)
	}
	return nil
}

// explainSeries logs when to apply which revisions.
func (s *session) explainSeries(series autogen.Series) {
	if len(series.Drafts) == 1 && series.Drafts[0].Title == "" {
		return
	}
	upgrade := s.program.command(s.env) + " upgrade"
	if n := series.Rollout; n > 0 {
		s.log.infof("Before the new program is rolled out: %s %s", upgrade, series.Drafts[n-1].Node.ID)
	}
	if last := len(series.Drafts); last > series.Rollout {
		s.log.infof("Once the old program no longer runs: %s %s", upgrade, series.Drafts[last-1].Node.ID)
	}
}
