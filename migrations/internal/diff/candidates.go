package diff

import (
	"cmp"
	"slices"

	"guestlist/migrations/op"
	"guestlist/migrations/schema"
)

// Candidates returns the possible renames: pairs of a dropped and an added object of the same shape, likeliest first.
// Names in accepted renames are left out. Several candidates may name the same object; once one is accepted, those that
// overlap it no longer apply. After accepting the rename of a table, call Candidates again for its columns.
func Candidates(from, to schema.Schema, accepted ...Rename) []Rename {
	accepted = withCase(from, to, accepted)
	r, err := rename(from, to, accepted)
	if err != nil {
		return nil
	}
	return r.candidates(accepted)
}

// candidates returns the candidates that remain after the accepted renames.
func (r *renaming) candidates(accepted []Rename) []Rename {
	back := map[string]string{}
	for _, name := range r.from.Names() {
		back[renamedTable(name, accepted)] = name
	}
	all := tableCandidates(r.schema, r.to)
	for _, was := range r.schema.Tables() {
		if is, stays := r.to.Table(was.Name); stays && !identical(was, is) {
			all = append(all, candidatesIn(back[was.Name], was, is)...)
		}
	}
	return all
}

// scored is a candidate with its similarity.
type scored struct {
	Rename

	score float64
}

func ranked(all []scored) []Rename {
	slices.SortStableFunc(all, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	var renames []Rename
	for _, s := range all {
		renames = append(renames, s.Rename)
	}
	return renames
}

// tableCandidates pairs tables that share at least three quarters of their columns.
func tableCandidates(from, to schema.Schema) []Rename {
	const enough = 0.75
	var all []scored
	come := missing(to, from)
	for _, old := range missing(from, to) {
		for _, now := range come {
			if share := overlap(old.Renamed(now.Name), now); share >= enough {
				all = append(all, scored{
					Rename{Kind: Table, From: old.Name, To: now.Name}, share + similarity(old.Name, now.Name)/100,
				})
			}
		}
	}
	return ranked(all)
}

// missing returns the tables whose names the other schema lacks.
func missing(of, other schema.Schema) []schema.Table {
	return slices.DeleteFunc(of.Tables(), func(t schema.Table) bool {
		_, there := other.Table(t.Name)
		return there
	})
}

// overlap returns the share of the columns of two tables that both have.
func overlap(a, b schema.Table) float64 {
	shared := 0
	for _, c := range a.Columns {
		if other, ok := b.Column(c.Name); ok && (c.Type == other.Type || c.Type.Equal(other.Type)) {
			shared++
		}
	}
	return float64(shared) / float64(len(a.Columns)+len(b.Columns)-shared)
}

// candidatesIn pairs the columns of the same type, and the indexes and constraints that differ in name only.
func candidatesIn(table string, was, is schema.Table) []Rename {
	var columns []scored
	name := func(c schema.Column) string { return c.Name }
	for _, old := range unshared(was.Columns, is.Columns, name) {
		for _, now := range unshared(is.Columns, was.Columns, name) {
			if renamed := old.Renamed(now.Name); !renamed.Type.Equal(now.Type) || mustRecreate(renamed, now) {
				continue
			}
			score := similarity(old.Name, now.Name)
			if same := now; old.NotNull == same.NotNull && old.Default.Equal(same.Default) {
				score++
			}
			columns = append(columns, scored{Rename{Kind: Column, Table: table, From: old.Name, To: now.Name}, score})
		}
	}
	all := ranked(columns)
	for _, o := range relabelled(was, is) {
		switch o := o.(type) {
		case *op.RenameIndex:
			all = append(all, Rename{Kind: Index, Table: table, From: o.From, To: o.To})
		case *op.RenameConstraint:
			all = append(all, Rename{Kind: Constraint, Table: table, From: o.From, To: o.To})
		}
	}
	return all
}

// similarity returns the length of the longest common substring, as a share of the longer name.
func similarity(a, b string) float64 {
	longest := 0
	for i := range a {
		for j := range b {
			n := 0
			for i+n < len(a) && j+n < len(b) && a[i+n] == b[j+n] {
				n++
			}
			longest = max(longest, n)
		}
	}
	return float64(longest) / float64(max(len(a), len(b), 1))
}
