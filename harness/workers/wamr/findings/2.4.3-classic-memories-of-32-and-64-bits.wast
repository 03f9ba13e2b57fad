;; gainsay:format 1
;; wamr-classic 2.4.3 rejects ("type mismatch"): the addresses of every memory are taken for those
;; of the first (§ valid/instructions, memory instructions).
(module definition (memory i64 0) (memory 0) (func (result i32) (memory.size 1)))
