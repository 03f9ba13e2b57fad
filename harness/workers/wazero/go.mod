module gainsay/workers/wazero

go 1.25.0

require (
	github.com/tetratelabs/wazero v1.12.0
	github.com/zeebo/xxh3 v1.0.2
)

require (
	github.com/klauspost/cpuid/v2 v2.0.9 // indirect
	golang.org/x/sys v0.44.0 // indirect
)
