package chance

// Plan is a cell that is measured, with how many events.
type Plan struct {
	Cell
	Events int
}

// Plans are the cells of the table, the small ones first: they cost the least.
func Plans() []Plan {
	type room struct{ jurors, visits int }
	var all []Plan
	for _, size := range []struct {
		projects, events int
		rooms            []room
	}{
		{6, 300, []room{{3, 1}, {3, 2}, {3, 3}, {5, 3}, {5, 5}, {8, 3}, {8, 5}, {8, 8}}},
		{12, 300, []room{{3, 1}, {3, 2}, {3, 3}, {6, 2}, {6, 3}, {6, 6}, {12, 3}, {12, 5}, {12, 12}}},
		{20, 250, []room{{3, 2}, {3, 3}, {6, 1}, {6, 2}, {6, 3}, {6, 6}, {12, 3}, {12, 5}, {12, 8}, {12, 12}}},
		{40, 120, []room{{6, 2}, {6, 3}, {6, 6}, {12, 3}, {12, 5}, {24, 5}}},
		{60, 150, []room{{9, 1}, {9, 2}, {9, 3}, {9, 5}, {20, 2}, {20, 3}, {20, 5}, {20, 8}}},
		{100, 40, []room{{12, 2}, {12, 3}, {30, 3}}},
		{150, 30, []room{{15, 2}, {15, 3}, {40, 3}}},
	} {
		for _, way := range []Way{Criteria, Both, Comparison} {
			for _, r := range size.rooms {
				all = append(all, Plan{Cell: Cell{Way: way, Projects: size.projects, Jurors: r.jurors, Visits: r.visits}, Events: size.events})
			}
		}
	}
	return all
}
