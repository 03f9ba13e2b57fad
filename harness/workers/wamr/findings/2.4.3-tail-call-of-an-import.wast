;; gainsay:format 1
;; wamr-fast and wamr-classic 2.4.3 crash (SIGSEGV): the tail call of an imported function from a function
;; that the host called (§ exec/instructions, return_call). There is no frame of WebAssembly to go
;; back to, and the interpreter takes the host's for one.
(module $gainsay (func (export "mix0")))
(register "gainsay" $gainsay)
(module $a (import "gainsay" "mix0" (func)) (func (export "f") (return_call 0)))
(assert_return (invoke $a "f"))
