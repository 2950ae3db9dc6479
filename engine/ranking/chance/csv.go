package chance

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Header is the first line of the table.
func Header() string {
	names := []string{"way", "projects", "jurors", "visits", "events", "best"}
	for _, size := range FinalSizes {
		names = append(names, "final"+strconv.Itoa(size))
	}
	return strings.Join(names, ",")
}

// String is the row as the table has it.
func (r Row) String() string {
	text := fmt.Sprintf("%s,%d,%d,%d,%d,%.4f", r.Way, r.Projects, r.Jurors, r.Visits, r.Events, r.Best)
	for _, share := range r.Finals {
		text += fmt.Sprintf(",%.4f", share)
	}
	return text
}

// Read reads a table. An error names its line.
func Read(in io.Reader) (Table, error) {
	text, err := io.ReadAll(in)
	if err != nil {
		return nil, fmt.Errorf("reading the table: %w", err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if lines[0] != Header() {
		return nil, fmt.Errorf("line 1: the header is %q, not %q", lines[0], Header())
	}
	var rows Table
	for n, line := range lines[1:] {
		r, err := readRow(strings.Split(strings.TrimSpace(line), ","))
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n+2, err)
		}
		rows = append(rows, r)
	}
	return rows, nil
}

func readRow(cells []string) (Row, error) {
	const whole = 5 // columns before the shares
	if len(cells) != whole+1+len(FinalSizes) {
		return Row{}, fmt.Errorf("%d columns instead of %d", len(cells), whole+1+len(FinalSizes))
	}
	r := Row{Cell: Cell{Way: Way(cells[0])}}
	for k, to := range []*int{&r.Projects, &r.Jurors, &r.Visits, &r.Events} {
		n, err := strconv.Atoi(cells[k+1])
		if err != nil || n < 1 {
			return r, fmt.Errorf("column %d: %q is no count", k+2, cells[k+1])
		}
		*to = n
	}
	if !r.possible() {
		return r, fmt.Errorf("%v cannot be held", r.Cell)
	}
	shares := []*float64{&r.Best}
	for k := range r.Finals {
		shares = append(shares, &r.Finals[k])
	}
	for k, to := range shares {
		x, err := strconv.ParseFloat(cells[whole+k], 64)
		if err != nil || !(x >= 0 && x <= 1) {
			return r, fmt.Errorf("column %d: %q is no share", whole+k+1, cells[whole+k])
		}
		*to = x
	}
	return r, nil
}
