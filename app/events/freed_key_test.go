package events_test

import (
	"errors"
	"net/http"
	"sync/atomic"
	"testing"

	"gorm.io/gorm"
)

// TestKeyFreedMeanwhile checks that an event gets a key that another event gives up just after the conflict.
func TestKeyFreedMeanwhile(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	root := a.RegisterAdmin(t, "root@example.org")
	gala, other := a.CreateEvent(t, "gala"), a.CreateEvent(t, "other")
	var refused, freed atomic.Bool
	err := errors.Join(
		a.DB.Callback().Update().After("gorm:update").Register("test:refused", func(tx *gorm.DB) {
			if errors.Is(tx.Error, gorm.ErrDuplicatedKey) {
				refused.Store(true)
			}
		}),
		a.DB.Callback().Query().Before("gorm:query").Register("test:free", func(*gorm.DB) { // looking for the key's owner
			if refused.Load() && freed.CompareAndSwap(false, true) {
				if err := a.DB.Exec("UPDATE events SET key = 'moved' WHERE id = ?", gala.ID).Error; err != nil {
					t.Error(err)
				}
			}
		}),
	)
	if err != nil {
		t.Fatal(err)
	}
	got := a.call(t, http.MethodPut, "event", root.Token, body(map[string]any{"id": other.ID, "key": "gala"}))
	if !freed.Load() || got.Status != http.StatusOK {
		t.Errorf("freed: %v; got %d %s, want it freed meanwhile, and 200", freed.Load(), got.Status, got.Body)
	}
}
