package main

// lackedProposal names the proposal that a refused module needs and wazero lacks, if that is
// why it was refused.
func lackedProposal(bytes []byte, text string) string {
	return ""
}
