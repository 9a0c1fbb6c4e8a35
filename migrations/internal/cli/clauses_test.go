package cli

import "testing"

// TestTypesWithClausesAreAdopted has AutoMigrate make a table whose types say more than a type: no difference is found.
func TestTypesWithClausesAreAdopted(t *testing.T) {
	t.Parallel()
	type Sum struct {
		ID    int64  `gorm:"type:BIGINT NOT NULL;primaryKey"`
		Words string `gorm:"type:text DEFAULT 'it''s' NOT NULL"`
		Code  string `gorm:"type:varchar(9) CONSTRAINT code_there NOT NULL UNIQUE"`
		Plus  int    `gorm:"type:int CHECK (plus > 0) DEFAULT 3"`
		Twice int    `gorm:"type:int GENERATED ALWAYS AS (plus * 2) STORED"`
	}
	w := newStudio(t)
	if err := w.db.AutoMigrate(&Sum{}); err != nil {
		t.Fatal(err)
	}
	w.built("a", []any{&Sum{}})
	w.run("stamp", "head")
	w.want("No new upgrade operations detected.\nNo drift detected.\n", "check")
}
