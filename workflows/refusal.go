package workflows

import (
	"errors"

	"lectern/domain"
)

func asRefusal(err error) (*domain.Error, bool) {
	var e *domain.Error
	ok := errors.As(err, &e)
	return e, ok
}
