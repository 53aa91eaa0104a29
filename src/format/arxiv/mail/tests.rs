//! What each form of mail and `.abs` record gives, one case a line.
