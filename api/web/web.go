// Package web is the look of Lectern: its style sheet, script, icons and fonts,
// and the components that pages are made of. It knows the words of domain and
// nothing of storage, routes or requests: a handler fills a page struct, and the
// component of the same name writes it.
//
// Components are in *.templ files, one part a file (part_*.templ) and one page a
// file; `go run github.com/a-h/templ/cmd/templ@v0.3.977 generate`, at the root of
// the module (the file names it writes depend on the folder), makes the
// *_templ.go files beside them, which are kept in the repository.
//
// Rules that hold for every component: no inline style or script (the content
// security policy refuses them), every control has a label, colour never stands
// alone, and text that people typed stands in <bdi>.
package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

//go:embed static
var files embed.FS

// asset is one static file as it is served.
type asset struct {
	url   string // /static/lectern.1a2b3c4d.css
	kind  string // content type
	etag  string
	plain []byte
	small []byte // gzip; nil where it would not be smaller
}

// assets are all static files by name and by address, made once.
type assets struct{ byName, byURL map[string]*asset }

var static = sync.OnceValue(loadAssets)

// contentTypes are written out, because the system's own table differs between machines.
var contentTypes = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".svg":   "image/svg+xml",
	".woff2": "font/woff2",
	".txt":   "text/plain; charset=utf-8",
}

// Asset is the address of a static file, with the hash of its content in the
// name: Asset("lectern.css") is /static/lectern.1a2b3c4d.css. It panics on a name
// that is not there: that is a mistake in a component, and every test finds it.
func Asset(name string) string {
	a, ok := static().byName[name]
	if !ok {
		panic("web: no static file named " + name)
	}
	return a.url
}

// Static serves the files under /static/. An address with its hash may be kept
// forever; any other address under it is 404. Only GET and HEAD.
func Static() http.Handler {
	all := static()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, ok := all.byURL[r.URL.Path]
		switch {
		case !ok:
			http.NotFound(w, r)
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "Only GET and HEAD.", http.StatusMethodNotAllowed)
		default:
			a.serve(w, r)
		}
	})
}

func (a *asset) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("ETag", a.etag)
	h.Set("Vary", "Accept-Encoding")
	h.Set("X-Content-Type-Options", "nosniff")
	if r.Header.Get("If-None-Match") == a.etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := a.plain
	if a.small != nil && acceptsGzip(r.Header.Get("Accept-Encoding")) {
		h.Set("Content-Encoding", "gzip")
		body = a.small
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the reader went away: nobody is left to tell
	}
}

// acceptsGzip reads Accept-Encoding: gzip named, and not with a weight of zero.
func acceptsGzip(accepted string) bool {
	for _, part := range strings.Split(accepted, ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if name == "gzip" || name == "*" {
			q, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(weight), "q="), ".")
			return q != "0" || strings.Trim(weight, " q=0.") != ""
		}
	}
	return false
}

// loadAssets reads the embedded files. Style sheets come last, since they name
// the hashed addresses of the fonts.
func loadAssets() *assets {
	all := &assets{byName: map[string]*asset{}, byURL: map[string]*asset{}}
	var sheets []string
	err := fs.WalkDir(files, "static", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if path.Ext(p) == ".css" {
			sheets = append(sheets, p)
			return nil
		}
		return all.add(p, nil)
	})
	for _, p := range sheets {
		if err == nil {
			err = all.add(p, all.rewrite)
		}
	}
	if err != nil {
		panic("web: embedded files: " + err.Error()) // only a broken build comes here
	}
	return all
}

func (all *assets) add(p string, change func([]byte) []byte) error {
	body, err := files.ReadFile(p)
	if err != nil {
		return err
	}
	if change != nil {
		body = change(body)
	}
	name, ext := path.Base(p), path.Ext(p)
	sum := sha256.Sum256(body)
	hash := hex.EncodeToString(sum[:])[:8]
	a := &asset{
		url:   "/static/" + strings.TrimSuffix(name, ext) + "." + hash + ext,
		kind:  contentTypes[ext],
		etag:  `"` + hash + `"`,
		plain: body,
		small: squeeze(body),
	}
	all.byName[name], all.byURL[a.url] = a, a
	return nil
}

var cssURL = regexp.MustCompile(`url\(([a-z0-9.-]+)\)`)

// rewrite puts hashed addresses into the url(…) of a style sheet.
func (all *assets) rewrite(css []byte) []byte {
	return cssURL.ReplaceAllFunc(css, func(m []byte) []byte {
		if a, ok := all.byName[string(cssURL.FindSubmatch(m)[1])]; ok {
			return []byte("url(" + a.url + ")")
		}
		return m
	})
}

// squeeze is the body in gzip, or nil when that saves less than a tenth (fonts).
func squeeze(body []byte) []byte {
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil
	}
	if _, err := z.Write(body); err != nil || z.Close() != nil {
		return nil
	}
	if out.Len() > len(body)*9/10 {
		return nil
	}
	return out.Bytes()
}
