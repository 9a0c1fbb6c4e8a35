package limits

import (
	"context"
	"fmt"
	"net/netip"
	"time"

	"gorm.io/gorm"
)

// Known is the exported record of attempts to sign in to an account from a network.
type Known struct {
	Network    string     `json:"network"` // or "all"
	Failures   int        `json:"failures"`
	OpenAt     *time.Time `json:"open_at"`     // when the next attempt is allowed; null: now
	KnownUntil *time.Time `json:"known_until"` // when the network stops being known as the owner's
}

// About returns the records of attempts to sign in to the account from the clients' networks, and from all together.
func About(ctx context.Context, db *gorm.DB, account string, clients []netip.Addr) (known []Known, err error) {
	ids, networks := idsOf(account, clients)
	var rows []LoginFailures
	if err := db.WithContext(ctx).Where("id IN ?", ids).Order("id").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("find failed attempts to sign in: %w", err)
	}
	for _, row := range rows {
		k := Known{Network: networks[row.ID], Failures: row.Failures, KnownUntil: row.KnownUntil}
		if row.OpenAt.After(noWait) {
			k.OpenAt = &row.OpenAt
		}
		known = append(known, k)
	}
	return known, nil
}

// Forget deletes, in tx, the records that About returns.
func Forget(ctx context.Context, tx *gorm.DB, account string, clients []netip.Addr) error {
	ids, _ := idsOf(account, clients)
	if err := tx.WithContext(ctx).Where("id IN ?", ids).Delete(&LoginFailures{}).Error; err != nil {
		return fmt.Errorf("forget the attempts to sign in to an account: %w", err)
	}
	return nil
}

// idsOf returns the ids of the rows of an account, and the network of each.
func idsOf(account string, clients []netip.Addr) (ids []string, networks map[string]string) {
	networks = map[string]string{failuresID(account, anyNetwork): "all"}
	for _, client := range clients {
		network := Network(client)
		networks[failuresID(account, network)] = network.String()
	}
	for id := range networks {
		ids = append(ids, id)
	}
	return ids, networks
}
