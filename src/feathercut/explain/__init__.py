"""What happens to a photo, stage by stage, as pictures with a sentence each."""
