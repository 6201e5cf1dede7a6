package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"signalbox/scenarios/cohort"
	"signalbox/scenarios/filter"
	"signalbox/sources"
	"signalbox/ui/cli/internal/cohorts"
	"signalbox/ui/output"
)

// listed is how entities are listed: by --where, --sort and --columns, or as a cohort that was saved by name has it.
func (c *state) listed(kind string) (*cohort.Cohort, error) {
	list := &cohort.Cohort{Kind: kind}
	if c.cohort != "" {
		saved, err := cohorts.Find(c.cohort)
		switch {
		case err != nil:
			return nil, fmt.Errorf("--cohort: %w", err)
		case kind != "" && kind != saved.Kind:
			return nil, fmt.Errorf("--cohort: %s is of kind %s, not %s: leave the kind out", c.cohort, saved.Kind, kind)
		case c.where != "":
			return nil, errors.New("--cohort says which entities are wanted: it does not go with --where")
		}
		list = saved
	}
	var err error
	if c.where != "" {
		if list.Filter, err = wanted("--where", filter.ParseEntities, c.where, filter.EntityNames()); err != nil {
			return nil, err
		}
	}
	if c.sort != "" {
		if list.Sort, list.Descending, err = cohort.Order(c.sort); err != nil {
			return nil, fmt.Errorf("--%w", err)
		}
	}
	if c.columns != "" {
		if list.Columns, err = cohort.Columns(c.columns); err != nil {
			return nil, fmt.Errorf("--%w", err)
		}
	}
	return list, nil
}

// showAll prints entities as they are listed.
func (c *state) showAll(rows []sources.EntityRow, list *cohort.Cohort) error {
	if list.Sort != "" {
		cohort.Sort(rows, list.Sort, list.Descending)
	}
	if missing := nowhere(rows, list); missing != "" {
		c.warn("no entity that is listed has " + missing)
	}
	heading := []string{"ID", "STATUS", "VERSION", "STATE"}
	if list.Columns != nil {
		heading = []string{"ID"}
		for _, name := range list.Columns {
			if name != "id" {
				heading = append(heading, strings.ToUpper(name))
			}
		}
	}
	lines := output.NewRows(c.out, c.json, heading...)
	for i := range rows {
		row := &rows[i]
		err := lines.Add(func() any { return output.EntityJSON(*row) }, func() []string {
			if list.Columns == nil {
				return []string{row.ID, row.Status, fmt.Sprintf("v%d", row.Version), output.EntityText(*row)}
			}
			return output.EntityCells(row, list.Columns)
		})
		if err != nil {
			return err
		}
	}
	return lines.Flush()
}

// nowhere is what is sorted by, or is a column, and no entity has; "" for nothing.
func nowhere(rows []sources.EntityRow, list *cohort.Cohort) string {
	var missing []string
	for _, name := range append(slices.Clone(list.Columns), list.Sort) {
		has := func(r sources.EntityRow) bool { return cohort.Has(&r, name) }
		if name != "" && !slices.Contains(missing, name) && !slices.ContainsFunc(rows, has) {
			missing = append(missing, name)
		}
	}
	return strings.Join(missing, ", ")
}
