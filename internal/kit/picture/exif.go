package picture

import "encoding/binary"

// part returns a piece of b, as much of it as there is.
func part(b []byte, from, length int) []byte {
	from = min(max(from, 0), len(b))
	return b[from : from+min(max(length, 0), len(b)-from)]
}

// orientation reads how a camera was held, from the EXIF part of a JPEG; 1 where nothing
// says so.
func orientation(raw []byte) int {
	if len(raw) < 4 || raw[0] != 0xff || raw[1] != 0xd8 {
		return 1
	}
	for at := 2; at+4 <= len(raw) && raw[at] == 0xff; {
		length := int(binary.BigEndian.Uint16(raw[at+2:]))
		if raw[at+1] == 0xda || length < 2 { // the colours begin, or nonsense
			return 1
		}
		if body := part(raw, at+4, length-2); raw[at+1] == 0xe1 && string(part(body, 0, 6)) == "Exif\x00\x00" {
			return fromTIFF(body[6:])
		}
		at += 2 + length
	}
	return 1
}

// fromTIFF finds the orientation in the first directory (TIFF 6.0, section 2).
func fromTIFF(t []byte) int {
	if len(t) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if t[0] == 'I' {
		order = binary.LittleEndian
	}
	directory := part(t, int(order.Uint32(t[4:])), len(t))
	if len(directory) < 2 {
		return 1
	}
	for i := range int(order.Uint16(directory)) {
		entry := part(directory, 2+12*i, 12)
		if len(entry) < 12 {
			return 1
		}
		if order.Uint16(entry) == 0x0112 {
			return int(order.Uint16(entry[8:]))
		}
	}
	return 1
}
