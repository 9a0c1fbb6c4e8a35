package runner

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// keyValue holds the values of a primary key as drivers return them. Its JSON preserves the values exactly, with their
// types.
type keyValue []any

// jsonValue is one value in JSON: exactly one field is set.
type jsonValue struct {
	Int   *int64     `json:"int,omitempty"`
	Float string     `json:"float,omitempty"` // JSON has no NaN
	Bool  *bool      `json:"bool,omitempty"`
	Text  *[]byte    `json:"text,omitempty"` // SQLite allows invalid UTF-8
	Bytes *[]byte    `json:"bytes,omitempty"`
	Time  *time.Time `json:"time,omitempty"`
}

// MarshalJSON implements json.Marshaler.
func (k keyValue) MarshalJSON() ([]byte, error) {
	values := make([]jsonValue, 0, len(k))
	for _, value := range k {
		var one jsonValue
		switch v := value.(type) {
		case int64:
			one.Int = &v
		case float64:
			one.Float = strconv.FormatFloat(v, 'g', -1, 64)
		case bool:
			one.Bool = &v
		case string:
			text := []byte(v)
			one.Text = &text
		case []byte:
			one.Bytes = &v
		case time.Time:
			one.Time = &v
		default:
			return nil, fmt.Errorf("batches cannot walk a primary key with a %T", value)
		}
		values = append(values, one)
	}
	return json.Marshal(values)
}

// UnmarshalJSON implements json.Unmarshaler.
func (k *keyValue) UnmarshalJSON(text []byte) error {
	var values []jsonValue
	if err := json.Unmarshal(text, &values); err != nil {
		return err
	}
	for _, one := range values {
		value, err := one.value()
		if err != nil {
			return err
		}
		*k = append(*k, value)
	}
	return nil
}

func (v jsonValue) value() (any, error) {
	switch {
	case v.Int != nil:
		return *v.Int, nil
	case v.Bool != nil:
		return *v.Bool, nil
	case v.Text != nil:
		return string(*v.Text), nil
	case v.Bytes != nil:
		return *v.Bytes, nil
	case v.Time != nil:
		return *v.Time, nil
	default:
		return strconv.ParseFloat(v.Float, 64)
	}
}
