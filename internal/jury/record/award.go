package record

// awards compares the prizes with what the chain says of them.
func (c *checker) awards() {
}
