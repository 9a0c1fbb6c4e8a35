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

// seeds returns fixed seeds, the seed that a failure printed (SEED=N), or new ones each time (SEED=new).
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

// TestAnySchemaLeadsToAnyOther checks with random schemas that the plan leads there and back, leaves no change, does
// not depend on the order of objects, and can be rendered.
func TestAnySchemaLeadsToAnyOther(t *testing.T) {
	t.Parallel()
	for _, seed := range seeds(t, 1000) {
		checkPlan(t, seed)
	}
}

// FuzzAnySchemaLeadsToAnyOther is TestAnySchemaLeadsToAnyOther for any seed.
func FuzzAnySchemaLeadsToAnyOther(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(checkPlan)
}

// checkPlan checks the plan between the two schemas of a seed.
func checkPlan(t *testing.T, seed uint64) {
	t.Helper()
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
		t.Fatalf("SEED=%d: got the changes %v and error %v after the plan, want none", seed,
			diff.Operations(again.Upgrade), err)
	}
	if !schema.Equal(after, to) {
		t.Fatalf("SEED=%d: got the schema %+v, want %+v", seed, after.Tables(), to.Tables())
	}
	if got, want := p.IsEmpty(), diff.Same(from, to); got != want {
		t.Fatalf("SEED=%d: got an empty plan %t, want %t", seed, got, want)
	}
	sameInAnyOrder(t, seed, r, from, to, p)
	file := render.Revision{ID: "a", Upgrade: steps(p.Upgrade), Downgrade: steps(p.Downgrade)}
	if _, err := render.File(file); err != nil {
		t.Fatalf("SEED=%d: %v", seed, err)
	}
}

// sameInAnyOrder checks that the plan stays the same if everything is shuffled, except new columns, whose order
// matters.
func sameInAnyOrder(t *testing.T, seed uint64, r *random, from, to schema.Schema, p diff.Plan) {
	t.Helper()
	p2, err := diff.Diff(r.shuffled(from), r.shuffled(to))
	if err != nil {
		t.Fatalf("SEED=%d: %v", seed, err)
	}
	if a, b := text(p.Upgrade), text(p2.Upgrade); a != b {
		t.Fatalf("SEED=%d: in another order got\n%s\nwant\n%s", seed, b, a)
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

// TestDatabasesFollow executes the plans between random schemas, and compares the catalogues with those of the schemas
// created directly.
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
		t.Errorf("SEED=%d: the upgrade left another catalogue:%s\n%s", seed, difftest.Difference(want, got), text(p.Upgrade))
	}
	if _, err := db.Migrate(t, after, diff.Operations(p.Downgrade)); err != nil {
		t.Fatalf("SEED=%d: %v\n%s", seed, err, text(p.Downgrade))
	}
	if got := db.Catalogue(t); before != got {
		t.Errorf("SEED=%d: the downgrade left a different catalogue:%s\n%s", seed, difftest.Difference(before, got),
			text(p.Downgrade))
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

// TestRenamesLeadThere checks with random schemas that no renamed table is dropped, and no renamed column added, except
// a column that becomes computed.
func TestRenamesLeadThere(t *testing.T) {
	t.Parallel()
	for _, seed := range seeds(t, 1000) {
		checkRenames(t, seed)
	}
}

// FuzzRenamesLeadThere is TestRenamesLeadThere for any seed.
func FuzzRenamesLeadThere(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(checkRenames)
}

// checkRenames checks the plan between the two schemas of a seed, the second with renames.
func checkRenames(t *testing.T, seed uint64) {
	t.Helper()
	r := newRandom(seed)
	from := r.schema(schema.Schema{})
	to, renames := r.renamed(from, r.schema(from))
	p, err := diff.Diff(from, to, renames...)
	if err != nil {
		t.Fatalf("SEED=%d: %v: %v", seed, renames, err)
	}
	if len(renames) == 0 {
		return
	}
	for _, o := range diff.Operations(p.Upgrade) {
		drop, dropsTable := o.(*op.DropTable)
		add, addsColumn := o.(*op.AddColumn)
		if dropsTable && drop.Table == renames[0].From || addsColumn && add.Column.Name == "new_name" &&
			!add.Column.Computed() {
			t.Errorf("SEED=%d: got %s, want the renames %v", seed, o, renames)
		}
	}
}

// renamed renames a table and a column that both schemas have, if any.
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
