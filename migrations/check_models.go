package migrations

import (
	"fmt"
	"strings"

	"guestlist/migrations/internal/diff"
	"guestlist/migrations/op"
)

// pendingOperations returns what a revision written now would do: what is in the models and not in the history.
func (s *session) pendingOperations() ([]op.Operation, error) {
	if s.env.Models == nil {
		return nil, errNoModels
	}
	history, err := s.SchemaAt(s.Graph.Heads())
	if err != nil {
		return nil, err
	}
	wanted, err := s.wanted(history)
	if err != nil {
		return nil, err
	}
	plan, err := diff.Diff(history, wanted)
	return diff.Operations(plan.Upgrade), err
}

// checkModels asks whether the history leads to the models, and answers.
func (s *session) checkModels() error {
	pending, err := s.pendingOperations()
	if err != nil {
		return err
	}
	if len(pending) > 0 {
		return &pendingError{pending}
	}
	s.printer().text("No new upgrade operations detected.\n")
	return nil
}

// pendingError is models that no revision leads to.
type pendingError struct{ operations []op.Operation }

func (e *pendingError) Error() string {
	texts := make([]string, 0, len(e.operations))
	for _, o := range e.operations {
		texts = append(texts, o.String())
	}
	return fmt.Sprintf("New upgrade operations detected: [%s]", strings.Join(texts, ", "))
}

// Hint says what to do about it.
func (e *pendingError) Hint() string { return "db migrate writes them into a revision" }

// disagreement is both answers where neither is good.
func disagreement(models, database error) error {
	switch {
	case models == nil:
		return database
	case database == nil || database.Error() == models.Error(): // a history that cannot be replayed fails both
		return models
	}
	hint := hintFor(models)
	if other := hintFor(database); other != "" {
		hint += "; " + other
	}
	return &hinted{fmt.Errorf("%w. %w", models, database), hint}
}
