package team

import "testing"

// É stands beside E, where people look for it.
func TestByName_accents(t *testing.T) {
	t.Parallel()
	left := []Left{{Person: Person{Name: "Zoé"}}, {Person: Person{Name: "Élise"}}, {Person: Person{Name: "farid"}}, {Person: Person{Name: "David"}}}
	byName(left)
	for i, want := range []string{"David", "Élise", "farid", "Zoé"} {
		if left[i].Name != want {
			t.Errorf("place %d is %s's, want %s", i, left[i].Name, want)
		}
	}
}
