"""Other people's layouts, as our folder of photos and mattes: one file a layout."""
