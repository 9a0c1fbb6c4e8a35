package revision_test

import (
	"testing"

	"guestlist/migrations/revision"
)

func TestRegistryListsByFile(t *testing.T) {
	t.Parallel()
	registry := revision.NewRegistry(nil)
	registry.Register(revision.Revision{ID: "c", File: "c_later.go"})
	registry.Register(revision.Revision{ID: "a", File: "a_first.go"})
	registry.Register(revision.Revision{ID: "a", File: "a_first.go", NoTransaction: true}) // a duplicate is kept
	got := registry.Revisions()
	if len(got) != 3 || got[0].ID != "a" || got[0].NoTransaction || !got[1].NoTransaction || got[2].ID != "c" {
		t.Errorf("got %+v, want a, its duplicate with NoTransaction, and c", got)
	}
	got[0].ID = "changed"
	if id := registry.Revisions()[0].ID; id != "a" {
		t.Errorf("the list is not a copy: got %q, want a", id)
	}
}

func TestRegisterKnowsItsFile(t *testing.T) {
	t.Parallel()
	registry := revision.NewRegistry(nil)
	registry.Register(revision.Revision{ID: "a"})
	if got, want := registry.Revisions()[0].File, "registry_test.go"; got != want {
		t.Errorf("the file is %q, want %q", got, want)
	}
}
