package app

import (
	"context"
	"fmt"
	"time"

	"guestlist/app/audit"
	"guestlist/app/database"
	"guestlist/app/invitedguest"
	"guestlist/app/limits"
	"guestlist/app/users"
)

// cleanEvery is the time between two cleanups.
const cleanEvery = time.Minute

// expired identifies rows to delete: a model, a condition, and the time in it.
type expired struct {
	model     any
	condition string
	before    time.Time
}

func (a *App) expired() []expired {
	now := a.DB.NowFunc()
	rows := []expired{
		{&limits.LoginFailures{}, "expires_at <= ?", now},
		{&users.RevokedToken{}, "expires_at <= ?", now},
		{&users.Code{}, "expires_at <= ?", now.Add(-users.KeepCodes)},
		{&invitedguest.BulkResponse{}, "created_at <= ?", now.Add(-invitedguest.KeepBulkResponses)},
		{&audit.Event{}, "user_id IS NULL AND address <> '" + audit.CLI + "' AND created_at <= ?",
			now.Add(-audit.KeepAnonymous)},
	}
	if a.Config.AuditRetention > 0 {
		rows = append(rows, expired{&audit.Event{}, "created_at <= ?", now.Add(-a.Config.AuditRetention)})
	}
	return rows
}

// Clean deletes expired rows, sends the daily mails, erases accounts that were deleted long enough ago, recomputes the
// keys of accounts that an older program has stored, and maintains the database. Serve calls it regularly.
func (a *App) Clean(ctx context.Context) error {
	if _, err := a.accounts.MakeKeys(ctx); err != nil {
		return err
	}
	for _, rows := range a.expired() {
		if _, err := database.DeleteAll(ctx, a.DB, rows.model, rows.condition, rows.before); err != nil {
			return fmt.Errorf("clean up %T: %w", rows.model, err)
		}
	}
	if err := a.tellDaily(ctx); err != nil { // invitedguest
		return err // invitedguest
	} // invitedguest
	if err := a.accounts.EraseDeleted(ctx, a.DB.NowFunc().Add(-a.Config.DeletedAccountRetention)); err != nil {
		return err
	}
	return database.Maintain(ctx, a.DB)
}

// cleanRegularly calls Clean regularly until ctx ends.
func (a *App) cleanRegularly(ctx context.Context) {
	ticker := time.NewTicker(cleanEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if err := a.Clean(ctx); err != nil && ctx.Err() == nil {
			a.log.WarnContext(ctx, "cleanup failed; trying again later", "error", err)
		}
	}
}

// checkReplicasEvery is the time between two checks of the replicas.
const checkReplicasEvery = time.Second

// watchReplicas checks the replicas regularly until ctx ends.
func (a *App) watchReplicas(ctx context.Context) {
	replicas := database.ReplicasOf(a.DB)
	if replicas == nil {
		return
	}
	ticker := time.NewTicker(checkReplicasEvery)
	defer ticker.Stop()
	for {
		replicas.Check(ctx, a.DB)
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
