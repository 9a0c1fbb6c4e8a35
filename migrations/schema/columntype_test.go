package schema_test

import (
	"reflect"
	"testing"

	"guestlist/migrations/schema"
)

func TestParseColumnType(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]schema.ColumnType{
		"numeric(20, 10)":                  {Name: "numeric", Args: []int{20, 10}},
		"DECIMAL ( 10,2 )":                 {Name: "numeric", Args: []int{10, 2}},
		"character varying(32)":            {Name: "varchar", Args: []int{32}},
		"character  varying (32)[]":        {Name: "varchar[]", Args: []int{32}},
		"char":                             {Name: "bpchar", Args: []int{1}},
		"bpchar":                           {Name: "bpchar"},
		"timestamp(3) with time zone":      {Name: "timestamptz", Args: []int{3}},
		"timestamp (0)  without time zone": {Name: "timestamp", Args: []int{0}},
		"time(6)":                          {Name: "time", Args: []int{6}},
		"double precision":                 {Name: "float8"},
		"float(24)":                        {Name: "float4"},
		"float(25)":                        {Name: "float8"},
		"bigserial":                        {Name: "int8"},
		"BIGINT NOT NULL DEFAULT 0":        {Name: "int8"},
		"text":                             {Name: "text"},
		"vector(3)":                        {Name: "vector", Args: []int{3}},
		"int[]":                            {Name: "int4[]"},
	} {
		got := schema.ParseColumnType(text)
		if got.Written = ""; !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %+v, want %+v", text, got, want)
		}
	}
}
