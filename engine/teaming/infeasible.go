package teaming

func findClashes(in *Instance) []string      { return nil }
func (s *solver) explain(in *Instance) error { return &Infeasible{} }
