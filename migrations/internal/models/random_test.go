package models_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"strconv"
	"testing"
	"time"

	"gorm.io/datatypes"
	gormschema "gorm.io/gorm/schema"

	"guestlist/migrations/internal/diff"
	"guestlist/migrations/internal/diff/difftest"
	"guestlist/migrations/internal/models"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// Owner is the model that random models reference.
type Owner struct {
	ID   int64
	Code string `gorm:"size:8;unique"`
}

// random generates models from fields and tags that the dialect supports.
type random struct {
	*rand.Rand

	dialect schema.Dialect
}

func (r random) chance(percent int) bool { return r.IntN(100) < percent }

func pick[E any](r random, list ...E) E { return list[r.IntN(len(list))] }

// fields are the fields of a model by number; some are missing.
type fields map[int]reflect.StructField

const mostFields = 16

// edit returns the fields with some added, some removed, and some with another type or other tags.
func (r random) edit(table int, was fields) fields {
	is := fields{}
	for i := range mostFields {
		f, ok := was[i]
		switch {
		case ok && r.chance(65):
			is[i] = f
		case r.chance(25):
		case i < 10 || r.chance(60):
			is[i] = r.field(table, i)
		}
	}
	return is
}

func (r random) field(table, i int) reflect.StructField {
	f := reflect.StructField{Name: fmt.Sprintf("F%d", i)}
	var tag, value string
	switch i {
	case 0, 1:
		f.Type = pick(r, reflect.TypeFor[string](), reflect.TypeFor[*string]())
		tag, value = pick(r, "", "size:20;", "size:64;", "type:varchar(7);", "type:text;"),
			pick(r, "", "x", "'it''s'", "NULL")
	case 2, 3:
		f.Type = pick(r, reflect.TypeFor[int64](), reflect.TypeFor[int16](), reflect.TypeFor[uint32](),
			reflect.TypeFor[*int]())
		tag, value = pick(r, "", "size:16;", "type:bigint;"), pick(r, "0", "-7", "42", "null")
		if f.Type.Kind() == reflect.Uint32 {
			value = "7"
		}
	case 4:
		f.Type, value = reflect.TypeFor[bool](), pick(r, "true", "false")
	case 5:
		f.Type = reflect.TypeFor[float64]()
		tag, value = pick(r, "", "precision:8;", "precision:10;scale:2;"), pick(r, "1.50", "0")
	case 6:
		f.Type = pick(r, reflect.TypeFor[time.Time](), reflect.TypeFor[*time.Time]())
		tag, value = pick(r, "", "precision:3;"), pick(r, "CURRENT_TIMESTAMP", "2020-01-02", "null")
	case 7:
		f.Type = reflect.TypeFor[[]byte]()
	case 8:
		f.Type = reflect.TypeFor[datatypes.JSON]()
	case 9:
		f.Type = reflect.TypeFor[int64]()
		f.Name = "OwnerID"
	default:
		return r.special(table, i)
	}
	tag += r.tags(table, i, value)
	f.Tag = reflect.StructTag(fmt.Sprintf("gorm:%q", tag))
	return f
}

func (r random) tags(table, i int, value string) string {
	var tag string
	add := func(percent int, text string) {
		if r.chance(percent) {
			tag += text + ";"
		}
	}
	column := fmt.Sprintf("f%d", i)
	if i == 9 {
		column = "owner_id"
	}
	add(30, "not null")
	if value != "" {
		add(30, "default:"+value)
	}
	add(10, "comment:"+pick(r, "a", "it's"))
	add(15, fmt.Sprintf("index:idx_%d_%d", table, i))
	add(15, fmt.Sprintf("index:idx_%d_shared,priority:%d,sort:%s", table, r.IntN(5), pick(r, "asc", "desc")))
	add(10, fmt.Sprintf("uniqueIndex:uix_%d_%d,where:%s IS NOT NULL", table, i, column))
	add(10, fmt.Sprintf("uniqueIndex:uix_%d_shared,priority:%d", table, r.IntN(5)))
	add(10, fmt.Sprintf("index:ixo_%d_%d,%s", table, i, r.option(column)))
	add(10, fmt.Sprintf("index:,composite:both,priority:%d", 1+i))
	add(10, "unique")
	add(10, "uniqueIndex")
	add(5, "->")
	add(5, "<-:create")
	add(5, "<-:false")
	add(10, pick(r, fmt.Sprintf("check:%s IS NOT NULL", column), fmt.Sprintf("check:chk_%d_%d,%s IS NOT NULL OR 1 = 1",
		table, i, column)))
	return tag
}

// model returns a model with the fields. It names the table, because the generated struct type has no name.
func (r random) model(table int, of fields) any {
	list := r.key()
	for i := range mostFields {
		if f, ok := of[i]; ok {
			list = append(list, f)
		}
	}
	if _, ok := of[9]; ok {
		tag := pick(r, "", "constraint:-", "constraint:OnDelete:CASCADE", "constraint:OnDelete:SET NULL,OnUpdate:CASCADE")
		list = append(list, reflect.StructField{Name: "Owner", Type: reflect.TypeFor[*Owner](),
			Tag: reflect.StructTag(fmt.Sprintf("gorm:%q", tag))})
	}
	return models.Named{Table: fmt.Sprintf("things_%d", table), Model: reflect.New(reflect.StructOf(list)).Interface()}
}

// key returns the fields of the primary key, of which tags and types vary too.
func (r random) key() []reflect.StructField {
	field := func(name string, of any, tag string) reflect.StructField {
		return reflect.StructField{Name: name, Type: reflect.TypeOf(of), Tag: reflect.StructTag(fmt.Sprintf("gorm:%q", tag))}
	}
	switch r.IntN(10) {
	case 0:
		return []reflect.StructField{field("ID", int64(0), "primaryKey;unique")}
	case 1:
		return []reflect.StructField{field("ID", int64(0), "primaryKey;autoIncrement:false;not null;comment:a key")}
	case 2:
		return []reflect.StructField{field("ID", int64(0), "primaryKey;uniqueIndex:,sort:desc;check:id > 0")}
	case 3:
		return []reflect.StructField{field("ID", int64(0), "primaryKey;autoIncrement:false"),
			field("Part", "", "primaryKey;size:8;index")}
	default:
		return []reflect.StructField{field("ID", int64(0), "primaryKey")}
	}
}

// lists returns two lists of models, the second edited from the first.
func (r random) lists() (old, is []any) {
	old, is = []any{Owner{}, Label{}}, []any{Owner{}, Label{}}
	for table := range 3 {
		was := r.edit(table, nil)
		if !r.chance(20) {
			old = append(old, r.model(table, was))
		}
		if !r.chance(20) {
			is = append(is, r.model(table, r.edit(table, was)))
		}
	}
	return old, is
}

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
	all := make([]uint64, many)
	for i := range all {
		all[i] = first + uint64(i)
	}
	return all
}

// TestRandomEditsOfRandomModels checks that random models are read as AutoMigrate creates them, that random edits can
// be applied and undone, and that no changes are left after an upgrade.
func TestRandomEditsOfRandomModels(t *testing.T) {
	t.Parallel()
	difftest.Each(t, func(t *testing.T, s *difftest.Server) {
		for _, seed := range seeds(t, 25) {
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				t.Parallel()
				editAtRandom(t, s, seed)
			})
		}
	})
}

func editAtRandom(t *testing.T, s *difftest.Server, seed uint64) {
	t.Helper()
	old, is := random{rand.New(rand.NewPCG(seed, 1)), s.Dialect}.lists()
	namer := namers()[seed%uint64(len(namers()))]
	config := naming(namer)
	from, to := schemaOf(t, old, &config), schemaOf(t, is, &config)
	if !schema.Equal(to, schemaOf(t, reversed(is), &config)) {
		t.Fatalf("SEED=%d: another order of the models gives another schema", seed)
	}
	db := s.Open(t)
	db.Must(t, schema.Schema{}, planned(t, seed, schema.Schema{}, from))
	sameAsAutoMigrate(t, s, seed, old, namer, db)
	before := db.Catalogue(t)
	p, err := diff.Diff(from, to)
	if err != nil {
		t.Fatalf("SEED=%d: %v", seed, err)
	}
	after, err := db.Migrate(t, from, diff.Operations(p.Upgrade))
	if err != nil {
		t.Fatalf("SEED=%d: %v", seed, err)
	}
	sameAsAutoMigrate(t, s, seed, is, namer, db)
	if left := planned(t, seed, after, to); len(left) > 0 {
		t.Errorf("SEED=%d: got changes %v after the upgrade, want none", seed, left)
	}
	if _, err := db.Migrate(t, after, diff.Operations(p.Downgrade)); err != nil {
		t.Fatalf("SEED=%d: %v", seed, err)
	}
	if got := db.Catalogue(t); got != before {
		t.Errorf("SEED=%d: the downgrade left a different catalogue:%s", seed, difftest.Difference(before, got))
	}
}

func planned(t *testing.T, seed uint64, from, to schema.Schema) []op.Operation {
	t.Helper()
	p, err := diff.Diff(from, to)
	if err != nil {
		t.Fatalf("SEED=%d: %v", seed, err)
	}
	return diff.Operations(p.Upgrade)
}

func sameAsAutoMigrate(t *testing.T, s *difftest.Server, seed uint64, list []any, namer gormschema.Namer,
	db *difftest.DB) {
	t.Helper()
	theirs := s.Open(t)
	theirs.NamingStrategy = namer
	for _, model := range list {
		tx := theirs.DB
		if named, ok := model.(models.Named); ok {
			tx, model = tx.Table(named.Table), withoutLabels(named.Model)
		}
		if err := tx.Migrator().CreateTable(model); err != nil { // AutoMigrate would use this table for the owner
			t.Fatalf("SEED=%d: %v", seed, err)
		}
	}
	createJoinTables(t, theirs, list)
	giveBack(t, theirs)
	if want, got := theirs.Catalogue(t), db.Catalogue(t); want != got {
		t.Errorf("SEED=%d: not what AutoMigrate creates:%s", seed, difftest.Difference(want, got))
	}
}
