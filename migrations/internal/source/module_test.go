package source_test

import (
	"os"
	"path/filepath"
	"testing"

	"guestlist/migrations/internal/source"
)

func TestImportPath(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"module example.org/shop // sells\n\ngo 1.26\n": "example.org/shop/other/versions",
		"// the shop\nmodule \"shop\"\n":                "shop/other/versions",
		"go 1.26\n":                                     "",
	} {
		root := t.TempDir()
		if err := os.WriteFile(filepath.Join(root, "go.mod"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		got, ok := source.ImportPath(filepath.Join(root, "other", "versions"))
		if ok != (want != "") || ok && got != want {
			t.Errorf("in a module with go.mod %q: got %q, %t; want %q", text, got, ok, want)
		}
	}
	if got, ok := source.ImportPath(t.TempDir()); ok {
		t.Errorf("outside of any module: got %q, want none", got)
	}
}
