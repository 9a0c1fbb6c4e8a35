//go:build tidy

package mysql

// Nothing compiles this file, but go mod tidy reads it. It keeps the version of the driver in go.mod for programs that
// import the engine: their go mod tidy reads the engine's tests too, and our replace lines do not apply there.
import _ "github.com/go-sql-driver/mysql"
