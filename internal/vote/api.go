package vote

import "h48/internal/door"

func operations(*door.Door, *Service) {}
