package sqlite

import "reflect"

// Result codes: https://www.sqlite.org/rescode.html.
const (
	Error             = 1
	Busy              = 5
	Constraint        = 19
	ConstraintNotNull = 1299
	ConstraintUnique  = 2067
)

// Primary returns the primary result code of an extended one: its least significant 8 bits.
func Primary(code int) int { return code & 0xff }

// Code returns the extended result code of an error of a SQLite driver, or the primary one if the driver has no other.
// It reports false for any other error.
func Code(err error) (code int, ok bool) {
	code, found := find(err)
	return code, found != nil
}

// Message is like Code, but also returns the text of the driver's own error.
func Message(err error) (text string, code int, ok bool) {
	code, found := find(err)
	if found == nil {
		return "", 0, false
	}
	return found.Error(), code, true
}

// find walks the error tree as errors.As does, and returns the driver's error or nil.
func find(err error) (code int, found error) {
	if err == nil {
		return 0, nil
	}
	if code, ok := codeOf(err); ok {
		return code, err
	}
	switch wrapper := err.(type) { //nolint:errorlint // this is how the chain is walked
	case interface{ Unwrap() error }:
		return find(wrapper.Unwrap())
	case interface{ Unwrap() []error }:
		for _, inner := range wrapper.Unwrap() {
			if code, found := find(inner); found != nil {
				return code, found
			}
		}
	}
	return 0, nil
}

// codeOf reads the code of a driver's error without importing the driver. The methods are those of modernc.org/sqlite
// and glebarez/go-sqlite (Code) and of ncruces/go-sqlite3 (ExtendedCode and Code, of its own integer types), the fields
// those of mattn/go-sqlite3.
func codeOf(err error) (int, bool) {
	v := reflect.ValueOf(err)
	if v.Kind() == reflect.Pointer && v.IsNil() {
		return 0, false
	}
	for _, name := range []string{"ExtendedCode", "Code"} {
		if code, ok := call(v.MethodByName(name)); ok {
			return code, true
		}
	}
	v = reflect.Indirect(v)
	if v.Kind() != reflect.Struct {
		return 0, false
	}
	extended, ok := integer(field(v, "ExtendedCode"))
	if ok && extended == 0 {
		return integer(field(v, "Code"))
	}
	return extended, ok
}

// field returns a direct field of the struct; a promoted one may be behind a nil pointer.
func field(v reflect.Value, name string) reflect.Value {
	f, ok := v.Type().FieldByName(name)
	if !ok || len(f.Index) > 1 {
		return reflect.Value{}
	}
	return v.FieldByIndex(f.Index)
}

// call calls a method that has no parameters and returns an integer.
func call(method reflect.Value) (int, bool) {
	if !method.IsValid() || method.Type().NumIn() != 0 || method.Type().NumOut() != 1 {
		return 0, false
	}
	switch kind := method.Type().Out(0).Kind(); {
	case kind >= reflect.Int && kind <= reflect.Uint64:
		return integer(method.Call(nil)[0])
	default:
		return 0, false
	}
}

func integer(v reflect.Value) (int, bool) {
	switch {
	case !v.IsValid():
		return 0, false
	case v.CanInt():
		return int(v.Int()), true
	case v.CanUint():
		return int(v.Uint()), true //nolint:gosec // result codes are small
	default:
		return 0, false
	}
}
