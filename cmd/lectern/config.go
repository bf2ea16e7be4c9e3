package main

import (
	"cmp"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"time"
)

// Config are all settings. Each is an environment variable, a flag of the same
// name, or, for what is secret, a file named by the variable with _FILE behind.
type Config struct {
	Database       string                        `name:"database" env:"LECTERN_DATABASE" help:"SQLite path, or a postgres:// URL (default: lectern.db in the data folder)." secret:"url"`
	Data           string                        `name:"data" env:"LECTERN_DATA" help:"Data folder (default: a folder under the user's configuration directory)." placeholder:"DIR"`
	Addr           string                        `name:"addr" env:"LECTERN_ADDR" default:"127.0.0.1:8080" help:"Address to listen on."`
	BaseURL        string                        `name:"base-url" env:"LECTERN_BASE_URL" help:"The address people use, for links in mails (default: http:// and the address listened on)."`
	Secret         string                        `name:"secret" env:"LECTERN_SECRET" help:"Signs the links in mails; 32 characters or more. Older ones, separated by commas, are accepted too." secret:"all"`
	SMTPURL        string                        `name:"smtp-url" env:"LECTERN_SMTP_URL" help:"Where mail is sent: smtp://user:password@host:port. None: mails wait in the outbox." secret:"url"`
	MailFrom       string                        `name:"mail-from" env:"LECTERN_MAIL_FROM" default:"lectern@localhost" help:"Sender of the mails."`
	TrustedProxies []string                      `name:"trusted-proxies" env:"LECTERN_TRUSTED_PROXIES" help:"Networks whose X-Forwarded-For is believed, for rate limits."`
	Zone           string                        `name:"zone" env:"LECTERN_ZONE" default:"America/Chicago" help:"The zone of days that have no other."`
	BodyLimit      int64                         `name:"body-limit" env:"LECTERN_BODY_LIMIT" default:"1048576" help:"Largest request body, in bytes."`
	ImportLimit    int64                         `name:"import-limit" env:"LECTERN_IMPORT_LIMIT" default:"20971520" help:"Largest import, in bytes."`
	WritesPerMin   int                           `name:"writes-per-minute" env:"LECTERN_WRITES_PER_MINUTE" default:"60" help:"Writes a minute and person."`
	LinkLife       time.Duration                 `name:"link-life" env:"LECTERN_LINK_LIFE" default:"15m" help:"How long a sign-in link works."`
	SessionLife    time.Duration                 `name:"session-life" env:"LECTERN_SESSION_LIFE" default:"336h" help:"How long a session lasts."`
	NoMigrate      bool                          `name:"no-migrate" env:"LECTERN_NO_MIGRATE" help:"Leave the schema alone; refuse to start when it is not current."`
	chosen         struct{ data, database bool } `kong:"-"` // set by the operator, not by complete
	LogLevel       string                        `name:"log-level" env:"LECTERN_LOG_LEVEL" default:"info" enum:"debug,info,warn,error" help:"What is logged."`
}

// complete fills what depends on the machine.
func (c Config) complete() (Config, error) {
	c.chosen.data, c.chosen.database = c.Data != "", c.Database != ""
	if c.Data == "" {
		base, err := os.UserConfigDir()
		if err != nil {
			return c, fmt.Errorf("find a data folder (set LECTERN_DATA): %w", err)
		}
		c.Data = filepath.Join(base, "lectern")
	}
	c.Database = cmp.Or(c.Database, filepath.Join(c.Data, "lectern.db"))
	c.BaseURL = strings.TrimSuffix(cmp.Or(c.BaseURL, "http://"+c.Addr), "/")
	if _, err := time.LoadLocation(c.Zone); err != nil {
		return c, fmt.Errorf("LECTERN_ZONE: %w", err)
	}
	if c.Secret != "" && len(c.Secret) < 32 {
		return c, fmt.Errorf("LECTERN_SECRET is %d characters long; use 32 or more", len(c.Secret))
	}
	return c, nil
}

// secretFiles adds, for each secret setting, the content of the file that its
// variable with _FILE behind names.
func secretFiles(env []string) ([]string, error) {
	for i := range reflect.TypeFor[Config]().NumField() {
		f := reflect.TypeFor[Config]().Field(i)
		name := f.Tag.Get("env")
		path, set := lookup(env, name+"_FILE")
		if f.Tag.Get("secret") == "" || !set {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("%s_FILE: %w", name, err)
		}
		env = append(env, name+"="+strings.TrimSpace(string(text)))
	}
	return env, nil
}

func lookup(env []string, name string) (string, bool) {
	for i := len(env) - 1; i >= 0; i-- {
		if k, v, _ := strings.Cut(env[i], "="); k == name {
			return v, true
		}
	}
	return "", false
}

// print lists the settings, what is secret masked.
func (c Config) print(w io.Writer) error {
	v := reflect.ValueOf(c)
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if !f.IsExported() {
			continue
		}
		value := fmt.Sprint(v.Field(i).Interface())
		if _, err := fmt.Fprintf(w, "%-27s %s\n", f.Tag.Get("env"), masked(f.Tag.Get("secret"), value)); err != nil {
			return err
		}
	}
	return nil
}

func masked(how, value string) string {
	switch {
	case value == "" || how == "":
		return value
	case how == "url":
		u, err := url.Parse(value)
		if err != nil {
			return "(set)"
		}
		return u.Redacted()
	}
	return "(set)"
}
