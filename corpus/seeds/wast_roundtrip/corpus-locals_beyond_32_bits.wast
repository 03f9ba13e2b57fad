;; gainsay:format 1
;; Two groups of locals whose counts add up to 2^32 (§ binary/modules, code section).
;; Engines that limit locals may refuse it for that reason; the reference, whose
;; limit is lower too, must still see that it is malformed.
(assert_malformed
  (module binary
    "\00asm" "\01\00\00\00"
    "\01\04\01\60\00\00"                ;; one type, [] -> []
    "\03\02\01\00"                      ;; one function
    "\0a\0c\01\0a"                      ;; one body of 10 bytes
    "\02\ff\ff\ff\ff\0f\7f\01\7e"       ;; 2^32 - 1 i32, 1 i64
    "\0b")
  "")
