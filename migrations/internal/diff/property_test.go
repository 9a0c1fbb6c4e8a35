package diff_test

import (
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"guestlist/migrations/internal/diff"
	"guestlist/migrations/internal/diff/difftest"
	"guestlist/migrations/internal/render"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// seeds returns seeds to try: always the same, the one that a failure printed (SEED=…), or others each time (SEED=new).
func seeds(t *testing.T, many int) []uint64 {
	t.Helper()
	first := uint64(1)
	switch text := os.Getenv("SEED"); text {
	case "":
	case "new":
		first = uint64(time.Now().UnixNano())
	default:
		seed, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		return []uint64{seed}
	}
	if testing.Short() {
		many /= 10
	}
	all := make([]uint64, many)
	for i := range all {
		all[i] = first + uint64(i)
	}
	return all
}

// TestAnySchemaLeadsToAnyOther holds for random schemas that the plan leads there and back, that nothing is left to do
// then, that it does not depend on the order of things, and that it can be written.
func TestAnySchemaLeadsToAnyOther(t *testing.T) {
	t.Parallel()
	for _, seed := range seeds(t, 1000) {
		r := newRandom(seed)
		from := r.schema(schema.Schema{})
		to := r.schema(from)
		p, err := diff.Diff(from, to)
		if err != nil {
			t.Fatalf("SEED=%d: %v\nfrom %+v\nto %+v", seed, err, from.Tables(), to.Tables())
		}
		after, err := op.ApplyAll(from, diff.Operations(p.Upgrade))
		if err != nil {
			t.Fatalf("SEED=%d: %v", seed, err)
		}
		if again, err := diff.Diff(after, to); err != nil || !again.IsEmpty() {
			t.Fatalf("SEED=%d: left to do: %v, %v", seed, diff.Operations(again.Upgrade), err)
		}
		if !schema.Equal(after, to) || diff.Same(from, to) != p.IsEmpty() {
			t.Fatalf("SEED=%d: not the same", seed)
		}
		sameInAnyOrder(t, seed, r, from, to, p)
		if _, err := render.File(render.Revision{ID: "a", Upgrade: steps(p.Upgrade),
			Downgrade: steps(p.Downgrade)}); err != nil {
			t.Fatalf("SEED=%d: %v", seed, err)
		}
	}
}

// sameInAnyOrder shuffles everything whose order says nothing; that of columns does, where they are new.
func sameInAnyOrder(t *testing.T, seed uint64, r *random, from, to schema.Schema, p diff.Plan) {
	t.Helper()
	p2, err := diff.Diff(r.shuffled(from), r.shuffled(to))
	if err != nil {
		t.Fatalf("SEED=%d: %v", seed, err)
	}
	if a, b := text(p.Upgrade), text(p2.Upgrade); a != b {
		t.Fatalf("SEED=%d: another order gives\n%s\ninstead of\n%s", seed, b, a)
	}
}

func text(steps []diff.Step) string {
	var text string
	for _, s := range steps {
		text += fmt.Sprintln(s.Operation, s.Warnings)
	}
	return text
}

func (r *random) shuffled(s schema.Schema) schema.Schema {
	var tables []schema.Table
	for _, i := range r.Perm(len(s.Tables())) {
		t := s.Tables()[i].Clone()
		r.Shuffle(len(t.Indexes), func(i, j int) { t.Indexes[i], t.Indexes[j] = t.Indexes[j], t.Indexes[i] })
		r.Shuffle(len(t.Uniques), func(i, j int) { t.Uniques[i], t.Uniques[j] = t.Uniques[j], t.Uniques[i] })
		r.Shuffle(len(t.Checks), func(i, j int) { t.Checks[i], t.Checks[j] = t.Checks[j], t.Checks[i] })
		r.Shuffle(len(t.ForeignKeys), func(i, j int) {
			t.ForeignKeys[i], t.ForeignKeys[j] = t.ForeignKeys[j],
				t.ForeignKeys[i]
		})
		tables = append(tables, t)
	}
	return schema.New(tables...)
}

// TestDatabasesFollow executes the plans between random schemas, and compares with databases in which the schemas were
// created at once.
func TestDatabasesFollow(t *testing.T) {
	t.Parallel()
	difftest.Each(t, func(t *testing.T, s *difftest.Server) {
		for _, seed := range seeds(t, 40) {
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				t.Parallel()
				follow(t, s, seed)
			})
		}
	})
}

func follow(t *testing.T, s *difftest.Server, seed uint64) {
	t.Helper()
	r := newRandom(seed)
	from := r.schema(schema.Schema{})
	to := r.schema(from)
	p, err := diff.Diff(from, to)
	if err != nil {
		t.Fatalf("SEED=%d: %v", seed, err)
	}
	db := created(t, s, from)
	before := db.Catalogue(t)
	after, err := db.Migrate(t, from, diff.Operations(p.Upgrade))
	if err != nil {
		t.Fatalf("SEED=%d: %v\n%s", seed, err, text(p.Upgrade))
	}
	if want, got := created(t, s, to).Catalogue(t), db.Catalogue(t); want != got {
		t.Errorf("SEED=%d: the upgrade leads elsewhere:%s\n%s", seed, difftest.Difference(want, got), text(p.Upgrade))
	}
	if _, err := db.Migrate(t, after, diff.Operations(p.Downgrade)); err != nil {
		t.Fatalf("SEED=%d: %v\n%s", seed, err, text(p.Downgrade))
	}
	if got := db.Catalogue(t); before != got {
		t.Errorf("SEED=%d: the downgrade leads elsewhere:%s\n%s", seed, difftest.Difference(before, got), text(p.Downgrade))
	}
}

func created(t *testing.T, s *difftest.Server, wanted schema.Schema) *difftest.DB {
	t.Helper()
	p, err := diff.Diff(schema.Schema{}, wanted)
	if err != nil {
		t.Fatal(err)
	}
	db := s.Open(t)
	db.Must(t, schema.Schema{}, diff.Operations(p.Upgrade))
	return db
}

// TestRenamesLeadThere holds for random schemas, of which some tables and columns have another name, that what is said
// to be renamed is neither dropped nor added, but for a column that is computed from now on.
func TestRenamesLeadThere(t *testing.T) {
	t.Parallel()
	for _, seed := range seeds(t, 1000) {
		r := newRandom(seed)
		from := r.schema(schema.Schema{})
		to, renames := r.renamed(from, r.schema(from))
		p, err := diff.Diff(from, to, renames...)
		if err != nil {
			t.Fatalf("SEED=%d: %v: %v", seed, renames, err)
		}
		for _, o := range diff.Operations(p.Upgrade) {
			if len(renames) == 0 {
				break
			}
			drop, dropsTable := o.(*op.DropTable)
			add, addsColumn := o.(*op.AddColumn)
			if dropsTable && drop.Table == renames[0].From || addsColumn && add.Column.Name == "new_name" &&
				!add.Column.Computed() {
				t.Errorf("SEED=%d: %v is renamed, but there is %s", seed, renames, o)
			}
		}
	}
}

// renamed renames a table and a column that are in both schemas, if there are such.
func (r *random) renamed(from, to schema.Schema) (schema.Schema, []diff.Rename) {
	var renames []diff.Rename
	for _, was := range from.Tables() {
		is, ok := to.Table(was.Name)
		if !ok || len(renames) > 0 {
			continue
		}
		to = to.RenameTable(was.Name, "new_table")
		renames = append(renames, table(was.Name, "new_table"))
		for _, c := range was.Columns {
			if _, ok := is.Column(c.Name); ok && len(renames) == 1 {
				to = to.RenameColumn("new_table", c.Name, "new_name")
				renames = append(renames, column(was.Name, c.Name, "new_name"))
			}
		}
	}
	return to, renames
}
