package runner

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// keyValue is the values of a primary key, as drivers return them. Its JSON keeps every bit of them, and their types.
type keyValue []any

// keptValue is one value in JSON: one of the fields is set.
type keptValue struct {
	Int   *int64     `json:"int,omitempty"`
	Float string     `json:"float,omitempty"` // JSON has no NaN
	Bool  *bool      `json:"bool,omitempty"`
	Text  *[]byte    `json:"text,omitempty"` // which SQLite does not hold to UTF-8
	Bytes *[]byte    `json:"bytes,omitempty"`
	Time  *time.Time `json:"time,omitempty"`
}

// MarshalJSON implements json.Marshaler.
func (k keyValue) MarshalJSON() ([]byte, error) {
	kept := make([]keptValue, 0, len(k))
	for _, value := range k {
		var one keptValue
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
			return nil, fmt.Errorf("a value of the primary key is a %T, by which batches cannot walk", value)
		}
		kept = append(kept, one)
	}
	return json.Marshal(kept)
}

// UnmarshalJSON implements json.Unmarshaler.
func (k *keyValue) UnmarshalJSON(text []byte) error {
	var kept []keptValue
	if err := json.Unmarshal(text, &kept); err != nil {
		return err
	}
	for _, one := range kept {
		value, err := one.value()
		if err != nil {
			return err
		}
		*k = append(*k, value)
	}
	return nil
}

func (v keptValue) value() (any, error) {
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
