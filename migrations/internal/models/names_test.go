package models_test

import (
	"strings"
	"testing"

	"guestlist/migrations/internal/models"
)

type seq struct {
	ID   int64
	Name string `gorm:"index:seqs_pkey"`
}

type ownTable struct {
	ID   int64
	Name string `gorm:"index:own_tables"`
}

type otherTable struct {
	ID   int64
	Name string `gorm:"uniqueIndex:pairs"`
}

type pair struct {
	ID   int64
	Name string `gorm:"unique"`
}

type counter struct {
	ID   int64
	Name string `gorm:"uniqueIndex:counters_id_seq"`
}

type migration struct{ ID int64 }

type journal struct {
	ID   int64
	Name string `gorm:"index:MIGRATIONS"`
}

type snapshot struct {
	ID   int64
	From int64 `gorm:"column:xmin"`
}

type box struct {
	ID   int64
	Tall int64 `gorm:"column:h"`
	Flat int64 `gorm:"column:H"`
}

type upperSeq struct{ ID int64 }

func (upperSeq) TableName() string { return "SEQS" }

type private struct {
	ID   int64
	Name string `gorm:"index:sqlite_names"`
}

// TestNamesThatAreTaken checks that a name that one of the databases would refuse is refused before a revision uses it.
func TestNamesThatAreTaken(t *testing.T) {
	t.Parallel()
	for want, list := range map[string][]any{
		"model models_test.seq: index seqs_pkey has the name of model models_test.seq: its primary key: " +
			"give it another one in the tag, as in index:name": {seq{}},
		"index own_tables has the name of model models_test.ownTable: its table own_tables": {ownTable{}},
		"index pairs has the name of model models_test.pair: its table": {otherTable{},
			pair{}},
		"index counters_id_seq has the name of model models_test.counter: the sequence of its column id": {counter{}},
		"model models_test.migration: its table migrations has the name of the table where the applied revisions are " +
			"recorded: give the model another table with TableName, or set VersionTable in migrations": {migration{}},
		"model models_test.journal: index MIGRATIONS has the name of the table where the applied": {journal{}},
		"model models_test.snapshot, field From: every PostgreSQL table has a system column xmin": {snapshot{}},
		"model models_test.box: the columns h and H differ only in case":                          {box{}},
		"its table seqs has the name of model models_test.upperSeq: its table SEQS":               {seq{}, upperSeq{}},
		"index sqlite_names: SQLite reserves names that begin with sqlite_":                       {private{}},
	} {
		_, err := models.Schema(list, nil, "migrations")
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v\nwant one with %s", err, want)
		}
	}
	if _, err := models.Schema([]any{migration{}, pair{}}, nil, "applied"); err != nil {
		t.Errorf("free names: got error %v, want none", err)
	}
}
