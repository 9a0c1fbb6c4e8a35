//go:build unix

package database_test

import (
	"context"
	"testing"
	"time"

	"gorm.io/gorm"

	"guestlist/app/database"
	"guestlist/app/database/dbtest"
)

// BenchmarkRead reads 100 rows from the primary, from a replica, and from a replica while another program writes as
// fast as it can. It reports the share of reads that came from the replica.
func BenchmarkRead(b *testing.B) {
	primary, standby := dbtest.StartCluster(b)
	db := dbtest.Open(b, primary.Address(), database.Options{})
	if err := db.Exec("CREATE TABLE notes AS SELECT generate_series(1, 1000) AS id").Error; err != nil {
		b.Fatal(err)
	}
	read := func(b *testing.B, db *gorm.DB) {
		b.Helper()
		for b.Loop() {
			found, err := database.Read(b.Context(), db, func(db *gorm.DB) (found []int, err error) {
				return found, db.Table("notes").Limit(100).Find(&found).Error
			})
			if err != nil || len(found) != 100 {
				b.Fatalf("found %d notes, %v; want %d, no error", len(found), err, 100)
			}
		}
	}
	b.Run("primary", func(b *testing.B) { read(b, db) })
	replicated := func(b *testing.B) {
		b.Helper()
		other := dbtest.Open(b, primary.Address(), database.Options{})
		if err := database.UseReplicas(other, []string{standby.Address()}, database.Options{}); err != nil {
			b.Fatal(err)
		}
		replicas := database.ReplicasOf(other)
		replicas.Check(b.Context(), other)
		ctx, cancel := context.WithCancel(b.Context())
		defer cancel()
		go func() {
			for ticker := time.NewTicker(time.Second); ctx.Err() == nil; <-ticker.C {
				replicas.Check(ctx, other)
			}
		}()
		read(b, other)
		use, missed := replicas.Use()
		b.ReportMetric(float64(use[0].Reads)/float64(use[0].Reads+missed), "replica/op")
	}
	b.Run("replica", replicated)
	b.Run("replica-written", func(b *testing.B) {
		ctx, cancel := context.WithCancel(b.Context())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			for ctx.Err() == nil {
				_ = db.WithContext(ctx).Exec("UPDATE notes SET id = id WHERE id = 1").Error
			}
		}()
		replicated(b)
		cancel()
		<-ended
	})
}
