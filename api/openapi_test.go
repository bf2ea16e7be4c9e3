package api

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3gen"

	"lectern/domain"
)

var update = flag.Bool("update", false, "write golden files anew")

// TestOpenAPIGolden makes the description from the routes and their types and compares
// it with the one that is built in.
func TestOpenAPIGolden(t *testing.T) {
	t.Parallel()
	doc, err := describeAPI((&Server{}).routes())
	if err != nil {
		t.Fatal(err)
	}
	made, err := json.MarshalIndent(doc, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	made = append(made, '\n')
	loaded, err := openapi3.NewLoader().LoadFromData(made)
	if err != nil {
		t.Fatal(err)
	}
	if err := loaded.Validate(t.Context()); err != nil {
		t.Errorf("not a valid description: %v", err)
	}
	if *update {
		if err := os.WriteFile("openapi.json", made, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(made, OpenAPI) {
		t.Error("openapi.json is not what the routes say; run go test ./api -run OpenAPI -update and look at the difference")
	}
}

// TestRoutesReadEachFieldFromOnePlace: a field from the path or the query must
// not be read from a body too.
func TestRoutesReadEachFieldFromOnePlace(t *testing.T) {
	t.Parallel()
	for _, r := range (&Server{}).routes() {
		if !r.json() {
			continue
		}
		for _, f := range reflect.VisibleFields(r.in) {
			if !r.safe() && (f.Tag.Get("param") != "" || f.Tag.Get("query") != "") && f.Tag.Get("json") != "-" {
				t.Errorf(`%s %s: give the field %s the tag json:"-"`, r.method, r.path, f.Name)
			}
			if name := f.Tag.Get("param"); name != "" && !strings.Contains(r.path+"/", ":"+name+"/") {
				t.Errorf("%s %s has no :%s", r.method, r.path, name)
			}
		}
	}
}

var pathParameter = regexp.MustCompile(`:(\w+)`)

// documented is a route's path as OpenAPI writes it.
func documented(path string) string { return pathParameter.ReplaceAllString(path, "{$1}") }

type describer struct {
	gen *openapi3gen.Generator
	doc *openapi3.T
}

func describeAPI(routes []*route) (*openapi3.T, error) {
	named := map[string]reflect.Type{}
	d := describer{gen: openapi3gen.NewGenerator(
		openapi3gen.CreateComponentSchemas(openapi3gen.ExportComponentSchemasOptions{ExportComponentSchemas: true, ExportTopLevelSchema: true}),
		openapi3gen.CreateTypeNameGenerator(func(t reflect.Type) string {
			if t.Name() == "" {
				return ""
			}
			name := strings.ToUpper(t.Name()[:1]) + strings.TrimSuffix(t.Name()[1:], "Out")
			if other, ok := named[name]; ok && other != t {
				panic(fmt.Sprintf("%v and %v are both described as %s", other, t, name))
			}
			named[name] = t
			return name
		}),
		openapi3gen.SchemaCustomizer(shape))}
	d.doc = &openapi3.T{
		OpenAPI: "3.0.3", Info: &openapi3.Info{
			Title: "Lectern", Version: "1",
			Description: "Program and webinar proposals of a library association's section, from first draft to a decision.",
		},
		Servers: openapi3.Servers{{URL: apiRoot}}, Paths: openapi3.NewPaths(),
		Components: &openapi3.Components{Schemas: openapi3.Schemas{}, SecuritySchemes: openapi3.SecuritySchemes{
			"token":   {Value: openapi3.NewSecurityScheme().WithType("http").WithScheme("bearer").WithDescription("An API token, lct_…")},
			"session": {Value: &openapi3.SecurityScheme{Type: "apiKey", In: "cookie", Name: "__Host-lectern", Description: "The session of a browser."}},
		}},
		Security: openapi3.SecurityRequirements{{"token": {}}, {"session": {}}},
	}
	for _, r := range routes {
		if !r.json() {
			continue
		}
		if err := d.add(r); err != nil {
			return nil, fmt.Errorf("%s %s: %w", r.method, r.path, err)
		}
	}
	return d.doc, nil
}

func (d describer) schema(t reflect.Type) (*openapi3.SchemaRef, error) {
	return d.gen.NewSchemaRefForValue(reflect.New(t).Elem().Interface(), d.doc.Components.Schemas)
}

func (d describer) add(r *route) error {
	op := openapi3.NewOperation()
	op.Summary = r.summary
	op.OperationID = strings.Trim(regexp.MustCompile(`[^a-z0-9]+`).ReplaceAllString(strings.ToLower(r.method+" "+r.path), "_"), "_")
	op.Tags = []string{strings.Split(r.path, "/")[1]}
	if r.public {
		op.Security = openapi3.NewSecurityRequirements()
	}
	d.parameters(r, op)
	if err := d.body(r, op); err != nil {
		return err
	}
	if err := d.responses(r, op); err != nil {
		return err
	}
	d.doc.AddOperation(documented(r.path), r.method, op)
	return nil
}

func (d describer) parameters(r *route, op *openapi3.Operation) {
	plan := planFor(r.in)
	for _, f := range plan.path {
		op.AddParameter(openapi3.NewPathParameter(f.name).WithSchema(openapi3.NewStringSchema()))
	}
	for _, f := range plan.query {
		s := parameterSchema(f.kind)
		constrain(s, r.in.FieldByIndex(f.index).Tag.Get("validate"))
		op.AddParameter(openapi3.NewQueryParameter(f.name).WithSchema(s))
	}
	header := func(name, said string, required bool) {
		p := openapi3.NewHeaderParameter(name).WithDescription(said).WithSchema(openapi3.NewStringSchema())
		p.Required = required
		op.AddParameter(p)
	}
	switch r.method {
	case patch, del:
		header("If-Match", "The version you saw, from its ETag; * for any.", true)
	case post:
		header("Idempotency-Key", "A repeat with the same key and request does nothing and gets the same answer, for a day.", r.keyed)
		header("If-Match", "The version you saw, from its ETag.", false)
	}
	if !r.safe() {
		op.AddParameter(openapi3.NewQueryParameter("dry_run").WithDescription("Answers what would happen and changes nothing.").WithSchema(openapi3.NewBoolSchema()))
	}
}

func parameterSchema(t reflect.Type) *openapi3.Schema {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.Int:
		return openapi3.NewIntegerSchema()
	case reflect.Bool:
		return openapi3.NewBoolSchema()
	case reflect.Slice:
		return openapi3.NewArraySchema().WithItems(parameterSchema(t.Elem()))
	}
	s := openapi3.NewStringSchema()
	s.Enum = words[t]
	return s
}

func (d describer) body(r *route, op *openapi3.Operation) error {
	plan := planFor(r.in)
	if r.safe() || !plan.body && !r.large {
		return nil
	}
	body := openapi3.NewRequestBody()
	if r.large {
		body.Content = openapi3.Content{}
		for _, kind := range []string{"text/csv", "application/json", "application/yaml"} {
			body.Content[kind] = openapi3.NewMediaType().WithSchema(openapi3.NewStringSchema())
		}
	} else {
		s, err := d.schema(r.in)
		if err != nil {
			return err
		}
		body.Content = openapi3.NewContentWithJSONSchemaRef(s)
		kept := d.doc.Components.Schemas[strings.TrimPrefix(s.Ref, "#/components/schemas/")]
		body.Required = kept != nil && len(kept.Value.Required) > 0
	}
	op.RequestBody = &openapi3.RequestBodyRef{Value: body}
	return nil
}

func (d describer) responses(r *route, op *openapi3.Operation) error {
	ok := openapi3.NewResponse().WithDescription(http.StatusText(r.status))
	if r.status != http.StatusNoContent && r.out != reflect.TypeFor[nothing]() {
		s, err := d.schema(r.out)
		if err != nil {
			return err
		}
		ok.Content = openapi3.NewContentWithJSONSchemaRef(s)
	}
	ok.Headers = openapi3.Headers{}
	tag := func(name, said string) {
		h := &openapi3.Header{Parameter: openapi3.Parameter{Description: said, Schema: openapi3.NewStringSchema().NewRef(), Required: true}}
		ok.Headers[name] = &openapi3.HeaderRef{Value: h}
	}
	if r.out.Implements(reflect.TypeFor[versioned]()) {
		tag("ETag", "The version, to be sent back as If-Match.")
	}
	if r.status == http.StatusCreated && r.out.Implements(reflect.TypeFor[located]()) {
		tag("Location", "Where it is.")
	}
	s, err := d.schema(reflect.TypeFor[problemOut]())
	if err != nil {
		return err
	}
	refused := openapi3.NewResponse().WithDescription("Why not: every reason, as RFC 9457 has it.")
	refused.Content = openapi3.NewContentWithSchemaRef(s, []string{"application/problem+json"})
	op.Responses = openapi3.NewResponses(openapi3.WithStatus(r.status, &openapi3.ResponseRef{Value: ok}), openapi3.WithName("default", refused))
	return nil
}

// words are the types whose values are listed.
var words = map[reflect.Type][]any{
	reflect.TypeFor[domain.State]():          anys(domain.States()),
	reflect.TypeFor[domain.Action]():         anys(domain.Actions()),
	reflect.TypeFor[domain.Role]():           anys(domain.Roles()),
	reflect.TypeFor[domain.Scope]():          {domain.ScopeRead, domain.ScopeWrite},
	reflect.TypeFor[domain.CredentialKind](): {domain.SessionCredential, domain.TokenCredential},
	reflect.TypeFor[domain.GroupKind]():      {domain.Committee, domain.InterestGroup, domain.WorkingGroup, domain.Leadership},
	reflect.TypeFor[domain.GroupStatus]():    {domain.GroupActive, domain.GroupMerging, domain.GroupInactive},
	reflect.TypeFor[domain.OrderState]():     anys(domain.OrderStates()),
	reflect.TypeFor[domain.MoneyState]():     anys(domain.MoneyStates()),
	reflect.TypeFor[domain.SeatState]():      anys(domain.SeatStates()),
	reflect.TypeFor[domain.DocumentKind]():   anys(domain.DocumentKinds()),
	reflect.TypeFor[domain.TermRole]():       {domain.TermMember, domain.TermChair, domain.TermCoChair, domain.TermViceChair, domain.TermAppointments},
}

func anys[T ~string](all []T) []any {
	out := make([]any, len(all))
	for i, v := range all {
		out[i] = string(v)
	}
	return out
}

// shape completes a generated schema: words of a fixed list, what is required,
// and what the tags of validate ask for.
func shape(_ string, t reflect.Type, _ reflect.StructTag, s *openapi3.Schema) error {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if listed, ok := words[t]; ok {
		s.Enum = nil
		for _, w := range listed {
			s.Enum = append(s.Enum, fmt.Sprint(w))
		}
	}
	if t == reflect.TypeFor[seatCount]() {
		*s = *openapi3.NewIntegerSchema().WithMin(1)
	}
	if t.Kind() != reflect.Struct || len(s.Properties) == 0 {
		return nil
	}
	s.Required = nil
	takes := !strings.HasSuffix(t.Name(), "Out") && !strings.Contains(t.Name(), "[") && takesIn[t]
	for _, f := range reflect.VisibleFields(t) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		p, ok := s.Properties[name]
		if !ok || name == "" || name == "-" {
			continue
		}
		rules := f.Tag.Get("validate")
		if takes && hasRule(rules, "required") || !takes && !strings.Contains(options, "omitempty") {
			s.Required = append(s.Required, name)
		}
		if p.Value != nil {
			constrain(p.Value, rules)
		}
		if strings.HasPrefix(p.Ref, "#/components/") && f.Type.Kind() == reflect.Pointer {
			s.Properties[name] = openapi3.NewSchemaRef("", &openapi3.Schema{Nullable: true, AllOf: openapi3.SchemaRefs{{Ref: p.Ref}}})
		}
	}
	if takes {
		no := false
		s.AdditionalProperties = openapi3.AdditionalProperties{Has: &no}
	}
	return nil
}

// takesIn are the types that requests are read into, with all they hold.
var takesIn = func() map[reflect.Type]bool {
	in := map[reflect.Type]bool{}
	var walk func(reflect.Type)
	walk = func(t reflect.Type) {
		for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct || in[t] {
			return
		}
		in[t] = true
		for i := range t.NumField() {
			walk(t.Field(i).Type)
		}
	}
	for _, r := range (&Server{}).routes() {
		if r.json() {
			walk(r.in)
		}
	}
	return in
}()

func hasRule(rules, name string) bool { return slices.Contains(strings.Split(rules, ","), name) }

// constrain writes the rules of a validate tag into a schema. What stands after
// dive is about the items.
func constrain(s *openapi3.Schema, rules string) {
	own, items, dives := strings.Cut(rules, "dive,")
	if dives && s.Items != nil && s.Items.Value != nil {
		constrain(s.Items.Value, items)
	}
	for _, rule := range strings.Split(own, ",") {
		name, value, _ := strings.Cut(rule, "=")
		n, _ := strconv.ParseUint(value, 10, 32)
		switch {
		case name == "max" && s.Type.Is("string"):
			s.WithMaxLength(int64(n))
		case name == "max" && s.Type.Is("array"):
			s.WithMaxItems(int64(n))
		case name == "max":
			s.WithMax(float64(n))
		case name == "min" && s.Type.Is("string"):
			s.WithMinLength(int64(n))
		case name == "min" && s.Type.Is("array"):
			s.WithMinItems(int64(n))
		case name == "min":
			s.WithMin(float64(n))
		case name == "email":
			s.Format = "email"
		case name == "oneof" && len(s.Enum) == 0:
			for _, w := range strings.Fields(value) {
				s.Enum = append(s.Enum, w)
			}
		}
	}
}
