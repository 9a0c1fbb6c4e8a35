//go:build unix

package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"syscall"
	"testing"
	"time"

	"guestlist/migrations/internal/models"
)

// Owner is the model that the many models reference.
type Owner struct {
	ID   int64
	Code string `gorm:"size:8;unique"`
}

// manyModels returns Owner and n models of eight columns with indexes and a foreign key. If edited, one of them has one
// more column.
func manyModels(n int, edited bool) []any {
	list := []any{Owner{}}
	for i := range n {
		field := func(name string, of any, tag string) reflect.StructField {
			return reflect.StructField{Name: name, Type: reflect.TypeOf(of), Tag: reflect.StructTag(`gorm:"` + tag + `"`)}
		}
		fields := []reflect.StructField{
			field("ID", int64(0), "primaryKey"),
			field("Name", "", fmt.Sprintf("size:64;not null;index:idx_name_%03d", i)),
			field("Email", "", fmt.Sprintf("size:254;not null;uniqueIndex:idx_email_%03d", i)),
			field("Active", false, "not null;default:true"),
			field("Score", 0.5, fmt.Sprintf("precision:10;scale:2;check:chk_%03d,score >= 0", i)),
			field("Bio", "", ""),
			field("Count", int32(0), "default:0"),
			field("OwnerID", int64(0), ""),
			field("Owner", Owner{}, "constraint:OnDelete:CASCADE"),
		}
		if edited && i == n/2 {
			fields = append(fields, field("Phone", "", "size:32"))
		}
		list = append(list, models.Named{Table: fmt.Sprintf("table_%03d", i), Model: reflect.New(reflect.StructOf(fields)).
			Interface()})
	}
	return list
}

// BenchmarkMigrate measures db migrate with more and more models, from the command line to the file: after one edit,
// and from nothing. The metrics per table stay the same if time and memory are proportional to the number of tables.
// From nothing they grow a little, as each operation searches all tables for the name of its index.
func BenchmarkMigrate(b *testing.B) {
	for _, n := range []int{250, 500, 1000, 2000} {
		if testing.Short() && n > 250 {
			break
		}
		b.Run(fmt.Sprintf("edit/%d", n), func(b *testing.B) {
			w := newTestProject(b)
			w.migrateAndCompile("aaaa", manyModels(n, false))
			w.env.Models = manyModels(n, true)
			measure(b, w, n)
		})
		b.Run(fmt.Sprintf("create/%d", n), func(b *testing.B) {
			w := newTestProject(b)
			w.env.Models = manyModels(n, false)
			measure(b, w, n)
		})
	}
}

func measure(b *testing.B, w *testProject, tables int) {
	b.Helper()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	began, peak, stop := cpuTime(b), make(chan uint64), make(chan struct{})
	go watchHeap(peak, stop)
	for b.Loop() {
		w.want("Generating migrations/versions/bbbb_.go ...  done\n", "migrate", "--rev-id", "bbbb")
		if err := os.Remove(filepath.Join(w.env.versions(), "bbbb_.go")); err != nil {
			b.Fatal(err)
		}
	}
	used := cpuTime(b) - began
	close(stop)
	highest := <-peak
	runtime.ReadMemStats(&after)
	each := float64(b.N * tables)
	b.ReportMetric(float64(used.Microseconds())/each, "cpu-µs/table")
	b.ReportMetric(used.Seconds()/float64(b.N), "cpu-s/op")
	b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/each, "B/table")
	b.ReportMetric(float64(max(highest, before.HeapAlloc)-before.HeapAlloc)/float64(tables), "peak-B/table")
}

// watchHeap measures the heap every millisecond until stop is closed, and sends its largest size.
func watchHeap(peak chan<- uint64, stop <-chan struct{}) {
	var highest uint64
	for ticker := time.NewTicker(time.Millisecond); ; {
		select {
		case <-ticker.C:
			var now runtime.MemStats
			runtime.ReadMemStats(&now)
			highest = max(highest, now.HeapAlloc)
		case <-stop:
			peak <- highest
			return
		}
	}
}

// cpuTime returns the CPU time that the program has used so far.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
