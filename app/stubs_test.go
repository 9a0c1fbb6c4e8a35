package app_test

import (
	"errors"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/gin-gonic/gin/binding"
	"github.com/gin-gonic/gin/render"
)

// Packages that nothing needs. A program that needs one removes it from the list.
var (
	leftOut = []string{ // behind the packages that go.mod replaces by stubs; not even tests may compile these
		"github.com/quic-go/qpack",
		"github.com/quic-go/quic-go",
		"github.com/go-sql-driver/mysql",
		"github.com/microsoft/go-mssqldb",
		"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore",
	}
	leftToTests = []string{ // tables of every language; only tests may compile these
		"golang.org/x/text/language/display",
	}
)

func TestLeftOut(t *testing.T) {
	t.Parallel()
	for imported := range strings.FieldsSeq(output(t, "go", "list", "-deps", "..")) {
		if slices.Contains(leftOut, imported) || slices.Contains(leftToTests, imported) {
			t.Errorf("the program compiles %s", imported)
		}
	}
	for imported := range strings.FieldsSeq(output(t, "go", "list", "-deps", "-test", "../...")) {
		if slices.Contains(leftOut, imported) {
			t.Errorf("the tests compile %s", imported)
		}
	}
}

// TestStubsSayWhatToDo checks that calling what go.mod leaves out of Gin fails with an error that says how to add it.
func TestStubsSayWhatToDo(t *testing.T) {
	t.Parallel()
	const quic, msgpack, bson = "github.com/quic-go/quic-go", "github.com/ugorji/go/codec",
		"go.mongodb.org/mongo-driver/v2"
	var value map[string]any
	for call, stub := range map[string]struct {
		module string
		failed error
	}{
		"serve HTTP/3":      {quic, gin.New().RunQUIC("127.0.0.1:0", "", "")},
		"read MessagePack":  {msgpack, binding.MsgPack.BindBody(nil, &value)},
		"write MessagePack": {msgpack, panics(t, render.MsgPack{Data: value})},
		"read BSON":         {bson, binding.BSON.BindBody(nil, &value)},
		"write BSON":        {bson, panics(t, render.BSON{Data: value})},
	} {
		want := "delete the replace line of " + stub.module + " from go.mod"
		if stub.failed == nil || !strings.Contains(stub.failed.Error(), want) {
			t.Errorf("%s: %v, want %q", call, stub.failed, want)
		}
	}
}

// panics returns the error with which writing the response panics, or another one if it does not panic.
func panics(t *testing.T, response render.Render) (failed error) {
	t.Helper()
	defer func() {
		if reason, ok := recover().(error); ok {
			failed = reason
		}
	}()
	return errors.Join(errors.New("it does not panic"), response.Render(httptest.NewRecorder()))
}
