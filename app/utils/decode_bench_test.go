package utils_test

import (
	"fmt"
	"strings"
	"testing"

	"guestlist/app/utils"
)

// BenchmarkDecode decodes bodies of the shapes that cost the most for their size, at a tenth of the largest size that
// is allowed and at that size. The latter should take ten times as long.
func BenchmarkDecode(b *testing.B) {
	repeat := func(open, element, end string) func(int) string {
		return func(size int) string {
			return open + strings.Repeat(element, (size-len(open)-len(end))/len(element)) + end
		}
	}
	numbered := func(open, element, end string) func(int) string {
		return func(size int) string {
			var text strings.Builder
			text.WriteString(open)
			for i := 0; text.Len() < size-len(end)-len(element)-8; i++ {
				fmt.Fprintf(&text, element, i)
			}
			return text.String() + end
		}
	}
	for _, shape := range []struct {
		name, mediaType string
		body            func(size int) string
	}{
		{"members", jsonType, numbered("{", `"%d":0,`, `"x":0}`)},
		{"labels", jsonType, numbered(`{"labels":{`, `"%d":0,`, `"x":0}}`)},
		{"numbers", jsonType, repeat(`{"x":[`, "0,", "0]}")},
		{"objects", jsonType, repeat(`{"x":[`, "{},", "0]}")},
		{"deep", jsonType, func(size int) string {
			one := strings.Repeat(`{"a":`, 9000) + "0" + strings.Repeat("}", 9000) + ","
			return `{"x":[` + strings.Repeat(one, size/len(one)) + "0]}"
		}},
		{"text", jsonType, repeat(`{"name":"`, `\u00e9`, `"}`)},
		{"form", formType, numbered("", "a%d=&", "name=x")},
		{"escapes", formType, repeat("name=", "%C3%A9", "")},
	} {
		for _, size := range []int{utils.MaxBody / 10, utils.MaxBody} {
			b.Run(fmt.Sprintf("%s/%d", shape.name, size), func(b *testing.B) {
				body := shape.body(size)
				b.ReportAllocs()
				b.SetBytes(int64(len(body)))
				for b.Loop() {
					// A form may have too many parameters.
					if _, err := decode(shape.mediaType, body); err != nil && shape.name != "form" {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
