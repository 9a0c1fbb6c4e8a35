package cli

import (
	"strings"
	"testing"
)

// Keeper and Pet declare their relation on both sides, with the tag on the side that GORM does not read.
type Keeper struct {
	ID   int64
	Pets []Pet
}

// Pet belongs to a Keeper.
type Pet struct {
	ID       int64
	KeeperID int64
	Keeper   Keeper `gorm:"constraint:OnDelete:CASCADE"`
}

// TestMigrateWarnsOfTagsThatGORMDrops checks that migrate warns even if there are no changes to write.
func TestMigrateWarnsOfTagsThatGORMDrops(t *testing.T) {
	t.Parallel()
	w := newTestProject(t)
	const warning = "WARN  [migrations] model cli.Pet, field Keeper: GORM makes the foreign key fk_keepers_pets without" +
		" its constraint tag (OnDelete:CASCADE), as it reads the tag of the other side of the relation, model " +
		"cli.Keeper, field Pets: move the tag there\n"
	w.migrateAndCompile("aaaa", []any{&Keeper{}, &Pet{}})
	for _, command := range []string{"migrate", "migrate --dry-run --json"} {
		out := w.run(strings.Fields(command)...)
		if want := warning + "INFO  [migrations] No changes in schema detected.\n"; w.log.String() != want {
			t.Errorf("%s logs\n%s\nwant\n%s", command, w.log.String(), want)
		}
		if strings.Contains(command, "json") && !strings.Contains(out, "model cli.Pet, field Keeper") {
			t.Errorf("%s prints\n%s", command, out)
		}
	}
}
