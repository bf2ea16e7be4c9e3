package store

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"

	"gorm.io/gorm/schema"
)

// document stores a field as JSON text. Unlike GORM's own serializer it stores
// an empty list or object, not NULL, for nil.
type document struct{}

func init() { schema.RegisterSerializer("document", document{}) }

// Scan reads the JSON text into the field.
func (document) Scan(ctx context.Context, f *schema.Field, dst reflect.Value, stored any) error {
	var text []byte
	switch v := stored.(type) {
	case nil:
		return nil
	case string:
		text = []byte(v)
	case []byte:
		text = v
	default:
		return fmt.Errorf("read %s: not text but %T", f.Name, stored)
	}
	field := reflect.New(f.FieldType)
	if err := json.Unmarshal(text, field.Interface()); err != nil {
		return fmt.Errorf("read %s: %w", f.Name, err)
	}
	f.ReflectValueOf(ctx, dst).Set(field.Elem())
	return nil
}

// Value writes the field as JSON text.
func (document) Value(_ context.Context, f *schema.Field, _ reflect.Value, field any) (any, error) {
	text, err := documentText(f.FieldType, field)
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", f.Name, err)
	}
	return text, nil
}

func documentText(t reflect.Type, field any) (string, error) {
	text, err := json.Marshal(field)
	switch {
	case err != nil:
		return "", err
	case string(text) != "null":
		return string(text), nil
	case t.Kind() == reflect.Map:
		return "{}", nil
	}
	return "[]", nil
}
