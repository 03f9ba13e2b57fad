;; gainsay:format 1
;; wamr-classic 2.4.3 rejects ("alignment isn't equal to natural"): an atomic access of a memory that
;; is not the first (§ binary/instructions, memarg; § valid/instructions).
(module definition
  (memory 0 2 shared)
  (memory 0 2 shared)
  (func (drop (i64.atomic.load16_u 1 (i32.const 0)))))
