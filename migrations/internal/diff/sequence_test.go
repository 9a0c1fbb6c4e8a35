package diff_test

import (
	"slices"
	"testing"

	"guestlist/migrations/internal/diff"
	"guestlist/migrations/internal/diff/difftest"
	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// sequence is a series of models, each an edit of the one before.
type sequence struct {
	name   string
	models [][]any
	rows   []string // in the tables of the first models
}

// walk runs the revisions between the models up, down and up again.
func (q sequence) walk(t *testing.T, db *difftest.DB) {
	t.Helper()
	var ups, downs [][]op.Operation
	now, catalogues := schema.Schema{}, []string{}
	for n, list := range q.models {
		is := schemaOf(t, list)
		p, err := diff.Diff(now, is)
		if err != nil {
			t.Fatal(err)
		}
		ups, downs = append(ups, diff.Operations(p.Upgrade)), append(downs, diff.Operations(p.Downgrade))
		now = db.Must(t, now, ups[n])
		if n == 0 {
			db.Exec(t, q.rows...)
		}
		catalogues = append(catalogues, db.Catalogue(t))
	}
	for range 2 {
		for n := len(ups) - 1; n > 0; n-- {
			now = db.Must(t, now, downs[n])
			if got := db.Catalogue(t); got != catalogues[n-1] {
				t.Errorf("downgrade %d left a different catalogue:%s", n, difftest.Difference(catalogues[n-1], got))
			}
		}
		for n := 1; n < len(ups); n++ {
			now = db.Must(t, now, ups[n])
			if got := db.Catalogue(t); got != catalogues[n] {
				t.Errorf("upgrade %d left a different catalogue:%s", n, difftest.Difference(catalogues[n], got))
			}
		}
	}
}

func sequences() []sequence {
	return slices.Concat(computedColumns(), clausesInTypes(), caseEdits(),
		[]sequence{overlappingKeys(), replacedKey(), movingPrimaryKey()})
}

// TestSequences checks that a series of edits can be made, undone and made again, with rows.
func TestSequences(t *testing.T) {
	t.Parallel()
	difftest.Each(t, func(t *testing.T, s *difftest.Server) {
		for _, q := range sequences() {
			t.Run(q.name, func(t *testing.T) {
				t.Parallel()
				q.walk(t, s.Open(t))
			})
		}
	})
}

// overlappingKeys returns a sequence in which a foreign key references a column with two unique keys for a while.
func overlappingKeys() sequence {
	q := sequence{name: "overlapping keys", rows: []string{
		`INSERT INTO countries (code) VALUES ('de')`, `INSERT INTO cities (country_code) VALUES ('de')`}}
	{
		type Country struct {
			ID   int64
			Code string `gorm:"size:2;unique"`
		}
		type City struct {
			ID          int64
			CountryCode string  `gorm:"size:2"`
			Country     Country `gorm:"foreignKey:CountryCode;references:Code"`
		}
		q.models = append(q.models, m(Country{}, City{}))
	}
	{
		type Country struct {
			ID   int64
			Code string `gorm:"size:2;unique;uniqueIndex"`
		}
		type City struct {
			ID          int64
			CountryCode string  `gorm:"size:2"`
			Country     Country `gorm:"foreignKey:CountryCode;references:Code"`
		}
		q.models = append(q.models, m(Country{}, City{}))
	}
	{
		type Country struct {
			ID   int64
			Code string `gorm:"size:2;uniqueIndex"`
		}
		type City struct {
			ID          int64
			CountryCode string  `gorm:"size:2"`
			Country     Country `gorm:"foreignKey:CountryCode;references:Code"`
		}
		q.models = append(q.models, m(Country{}, City{}))
	}
	return q
}

// replacedKey returns overlappingKeys without the models that have both keys.
func replacedKey() sequence {
	q := overlappingKeys()
	return sequence{name: "replaced key", models: [][]any{q.models[0], q.models[2]}, rows: q.rows}
}

// movingPrimaryKey moves the primary key away from a column that a unique index keeps unique.
func movingPrimaryKey() sequence {
	q := sequence{name: "moving primary key", rows: []string{
		`INSERT INTO lands (code, number) VALUES ('de', 1)`, `INSERT INTO towns (land_code) VALUES ('de')`}}
	{
		type Land struct {
			Code   string `gorm:"size:2;primaryKey;uniqueIndex"`
			Number int64  `gorm:"not null"`
		}
		type Town struct {
			ID       int64
			LandCode string `gorm:"size:2"`
			Land     Land   `gorm:"references:Code"`
		}
		q.models = append(q.models, m(Land{}, Town{}))
	}
	{
		type Land struct {
			Code   string `gorm:"size:2;not null;uniqueIndex"`
			Number int64  `gorm:"primaryKey;autoIncrement:false;not null"`
		}
		type Town struct {
			ID       int64
			LandCode string `gorm:"size:2"`
			Land     Land   `gorm:"foreignKey:LandCode;references:Code"`
		}
		q.models = append(q.models, m(Land{}, Town{}))
	}
	return q
}

// computedColumns changes the bases of computed columns, which are declared before and after them.
func computedColumns() []sequence {
	of := func(name string, rows string, lists ...[]any) sequence {
		return sequence{name: name, models: lists, rows: []string{rows}}
	}
	const row = `INSERT INTO sums (id) VALUES (1)`
	var none, both, wide, without, other, plain, index []any
	{
		type Sum struct{ ID int64 }
		none = m(Sum{})
	}
	{
		type Sum struct {
			ID int64
			B  int64 `gorm:"generated:a * 2"`
			A  int32
		}
		both = m(Sum{})
	}
	{
		type Sum struct {
			ID int64
			B  int64 `gorm:"generated:a * 2"`
			A  int64
		}
		wide = m(Sum{})
	}
	{
		type Sum struct {
			ID int64
			A  int64
		}
		without = m(Sum{})
	}
	{
		type Sum struct {
			ID int64
			B  int64 `gorm:"generated:c * 3"`
			C  int64
		}
		other = m(Sum{})
	}
	{
		type Sum struct {
			ID int64
			B  int64
		}
		plain = m(Sum{})
	}
	{
		type Sum struct {
			ID   int64
			Sign bool    `gorm:"generated:a > 0;check:a > 0 OR sign IS NOT NULL"`
			B    string  `gorm:"generated:a::text;uniqueIndex:both"`
			A    float64 `gorm:"uniqueIndex:both"`
		}
		index = m(Sum{})
	}
	return []sequence{
		of("computed: base changes its type", row, both, wide),
		of("computed: both go", row, both, none),
		of("computed: both come", row, none, both),
		of("computed: base changes its type and it comes", row, without, both),
		of("computed: from another base", row, both, other),
		of("computed: no longer, and the base goes", row, both, plain),
		of("computed: with an index, and two of them", row, none, index[:1:1], both),
	}
}

// clausesInTypes returns sequences of models with constraints inside types.
func clausesInTypes() []sequence {
	of := func(name string, lists ...[]any) sequence {
		return sequence{name: name, models: lists, rows: []string{`INSERT INTO sums (id, a) VALUES (1, 7), (2, 8)`}}
	}
	var bare, notNull, tagged, full, computed, without, unique, alone, pointing, circle, back []any
	{
		type Sum struct {
			ID int64 `gorm:"type:BIGINT NOT NULL;primaryKey"`
			A  int64 `gorm:"type:BIGINT"`
		}
		bare = m(Sum{})
	}
	{
		type Sum struct {
			ID int64 `gorm:"type:BIGINT;primaryKey"`
			A  int64 `gorm:"type:BIGINT NOT NULL"`
		}
		notNull = m(Sum{})
	}
	{
		type Sum struct {
			ID int64 `gorm:"type:bigint;primaryKey"`
			A  int32 `gorm:"type:INTEGER;not null;default:3"`
		}
		tagged = m(Sum{})
	}
	{
		type Sum struct {
			ID int64 `gorm:"type:bigint;primaryKey"`
			A  int64 `gorm:"type:bigint DEFAULT 5 UNIQUE CHECK (a > 0) REFERENCES sums (id) NOT NULL"`
		}
		full = m(Sum{})
	}
	{
		type Sum struct {
			ID int64 `gorm:"type:bigint;primaryKey"`
			B  int64 `gorm:"type:bigint GENERATED ALWAYS AS (a * 3) STORED"`
			A  int32 `gorm:"type:INTEGER;not null;default:3"`
		}
		computed = m(Sum{})
	}
	{
		type Sum struct {
			ID int64 `gorm:"type:bigint;primaryKey"`
		}
		without = m(Sum{})
	}
	{
		type Sum struct {
			ID int64 `gorm:"type:bigint;primaryKey"`
			A  int64 `gorm:"type:bigint UNIQUE"`
		}
		unique = m(Sum{})
	}
	{
		type Aa struct{ ID int64 }
		alone = m(Aa{})
	}
	{
		type Zz struct{ ID int64 }
		type Aa struct {
			ID int64
			A  int64 `gorm:"type:bigint REFERENCES zzs (id)"`
		}
		pointing = m(Zz{}, Aa{})
	}
	{
		type Aa struct {
			ID int64
			A  int64 `gorm:"type:bigint REFERENCES zzs (id)"`
		}
		type Zz struct {
			ID   int64
			AaID *int64
			Aa   *Aa
		}
		circle = m(Aa{}, Zz{})
	}
	{
		type Zz struct {
			ID int64
			A  int64 `gorm:"type:bigint REFERENCES aas (id)"`
		}
		type Aa struct {
			ID   int64
			ZzID *int64
			Zz   *Zz
		}
		back = m(Aa{}, Zz{})
	}
	fulls := of("type: with constraints", tagged, full)
	fulls.rows = []string{`INSERT INTO sums (id, a) VALUES (7, 7)`}
	return []sequence{
		of("type: null and not null", bare, notNull, bare),
		of("type: and tags", notNull, tagged, bare), fulls,
		of("type: computed", tagged, computed, bare),
		{name: "type: references a table that comes after it", models: [][]any{without, pointing, without}},
		{name: "type: references a table that references it", models: [][]any{without, circle, without}},
		{name: "type: references a table before it that references it", models: [][]any{without, back, without}},
		{name: "type: references a new table", models: [][]any{alone, pointing, alone}},
		{name: "type: unique comes and goes", models: [][]any{without, unique, without},
			rows: []string{`INSERT INTO sums (id) VALUES (1)`}},
		of("type: computed goes", computed, tagged),
	}
}
