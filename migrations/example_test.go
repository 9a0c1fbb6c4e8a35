package migrations_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"guestlist/migrations"
	"guestlist/migrations/op"
	"guestlist/migrations/revision"
)

// novels returns the history of the examples. In a program, each revision is a file that registers itself.
func novels() *revision.Registry {
	revisions := revision.NewRegistry(nil)
	revisions.Register(revision.Revision{
		ID:        "4f6b1c0d92aa",
		File:      "4f6b1c0d92aa_create_novels.go",
		Upgrade:   func(m *op.Migration) { m.CreateTable("novels", op.Column("id", op.Int(64)).PrimaryKey()) },
		Downgrade: func(m *op.Migration) { m.DropTable("novels") },
	})
	revisions.Register(revision.Revision{
		ID:           "b07d9e51c3f2",
		DownRevision: []string{"4f6b1c0d92aa"},
		File:         "b07d9e51c3f2_add_title.go",
		Upgrade:      func(m *op.Migration) { m.AddColumn("novels", op.Column("title", op.String(200))) },
		Downgrade:    func(m *op.Migration) { m.DropColumn("novels", "title") },
	})
	return revisions
}

// openNovels returns an empty SQLite database, and a function that closes and removes it.
func openNovels() (db *gorm.DB, remove func()) {
	directory, err := os.MkdirTemp("", "novels")
	if err != nil {
		panic(err)
	}
	dialector := &sqlite.Dialector{DriverName: "sqlite", DSN: filepath.Join(directory, "novels.db")}
	if db, err = gorm.Open(dialector, &gorm.Config{Logger: logger.Discard}); err != nil {
		panic(err)
	}
	return db, func() {
		if pool, err := db.DB(); err == nil {
			_ = pool.Close()
		}
		_ = os.RemoveAll(directory)
	}
}

// A program checks when it starts that its database is up to date, or brings it up to date.
func ExampleUpgrade() {
	db, remove := openNovels()
	defer remove()
	env := &migrations.Environment{Name: "shop db", Revisions: novels()}
	ctx := context.Background()

	var outdated *migrations.OutdatedError
	if err := migrations.CheckHead(ctx, env, db); errors.As(err, &outdated) {
		fmt.Println(err)
		fmt.Println(outdated.Hint())
	}
	if err := migrations.Upgrade(ctx, env, db, slog.New(slog.DiscardHandler)); err != nil {
		fmt.Println(err)
	}
	fmt.Println(migrations.CheckHead(ctx, env, db))
	// Output:
	// Database is not on all head revisions
	// run shop db upgrade; the heads are b07d9e51c3f2
	// <nil>
}

// Command returns the command with all its subcommands. It can be a program of its own or a subcommand of another
// program.
func ExampleCommand() {
	db, remove := openNovels()
	defer remove()
	env := &migrations.Environment{
		Name:      "shop db",
		Revisions: novels(),
		Open:      func(context.Context) (*gorm.DB, error) { return db, nil },
		Stderr:    io.Discard,
	}
	for _, arguments := range [][]string{
		{"upgrade", "4f6b"}, {"current"}, {"upgrade"}, {"current"},
	} {
		command := migrations.Command(env)
		command.SetArgs(arguments)
		if err := command.Execute(); err != nil {
			fmt.Println("Error:", err)
		}
	}
	// Output:
	// 4f6b1c0d92aa
	// b07d9e51c3f2 (head)
}

// db migrate writes a revision from the GORM models. With --dry-run, it only prints the file and the SQL for each
// database.
func ExampleCommand_migrate() {
	type Author struct {
		ID   int64
		Name string `gorm:"size:100;not null;uniqueIndex"`
	}
	var out strings.Builder
	command := migrations.Command(&migrations.Environment{
		Revisions: revision.NewRegistry(nil),
		Models:    []any{&Author{}},
		Stdout:    &out,
		Stderr:    io.Discard,
		Now:       func() time.Time { return time.Date(2026, 11, 28, 15, 12, 7, 0, time.UTC) },
	})
	command.SetArgs([]string{"migrate", "--message", "create authors", "--rev-id", "4f6b1c0d92aa", "--dry-run"})
	if err := command.Execute(); err != nil {
		fmt.Println("Error:", err)
	}
	file, _, _ := strings.Cut(out.String(), "\n-- PostgreSQL\n") // the SQL comes after the file
	fmt.Print(file)
	// Output:
	// package versions
	//
	// import (
	// 	"guestlist/migrations/op"
	// 	"guestlist/migrations/revision"
	// )
	//
	// // create authors
	// //
	// // Revision ID: 4f6b1c0d92aa
	// // Revises:
	// // Create Date: 2026-11-28 15:12:07
	// func init() {
	// 	Revisions.Register(revision.Revision{
	// 		ID: "4f6b1c0d92aa",
	// 		Upgrade: func(m *op.Migration) {
	// 			m.CreateTable("authors",
	// 				op.Column("id", op.Int(64)).PrimaryKey().AutoIncrement(),
	// 				op.Column("name", op.String(100)).NotNull(),
	// 			)
	// 			m.CreateIndex("idx_authors_name", "authors", "name").Unique()
	// 		},
	// 		Downgrade: func(m *op.Migration) {
	// 			m.DropTable("authors")
	// 		},
	// 	})
	// }
}

// Table lists a model under a table name other than GORM's.
func ExampleTable() {
	type Author struct {
		ID   int64
		Name string
	}
	command := migrations.Command(&migrations.Environment{
		Revisions: revision.NewRegistry(nil),
		Models:    []any{&Author{}, migrations.Table("retired_authors", &Author{})},
	})
	command.SetArgs([]string{"diagram"})
	if err := command.Execute(); err != nil {
		fmt.Println("Error:", err)
	}
	// Output:
	// erDiagram
	//     accTitle: Schema of the models
	//     "authors" {
	//         int(64) id PK
	//         text name "null"
	//     }
	//     "retired_authors" {
	//         int(64) id PK
	//         text name "null"
	//     }
}
