// Command wazero-worker serves wazero's compiler and interpreter over gainsay's worker protocol,
// which harness/protocol/PROTOCOL.md describes.
package main

import (
	"fmt"
	"os"
	"runtime/debug"
	"time"
)

// The host kills a worker that holds 2 GiB; Go's collector would wait longer by itself.
const heapBytesMax = 1 << 30

func main() {
	debug.SetMemoryLimit(heapBytesMax)
	output := os.Stdout
	// Whatever else prints must not get between the lines of the protocol.
	os.Stdout = os.Stderr
	go endWithTheHost()
	if err := serve(os.Stdin, output); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// A host that was killed cannot end its worker, and an endless loop does not read that its
// input is closed: whoever becomes this process's parent then is not its host.
func endWithTheHost() {
	host := os.Getppid()
	for os.Getppid() == host {
		time.Sleep(500 * time.Millisecond)
	}
	os.Exit(0)
}
