// Package sqlite3 stands in for the C driver that gorm.io/driver/sqlite imports
// for its side effect only. Lectern runs SQLite through modernc.org/sqlite, so
// nothing here needs a C compiler and no second SQLite is linked.
package sqlite3
