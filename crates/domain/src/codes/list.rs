//! The names of the lists.

crate::words! {
    /// A code list of the SSDA903 return.
    CodeList("code list") {
        /// Sex: `1`, `2` to 2023/24; `M`, `F`, `U` since.
        Sex = "SEX", "Sex";
        /// Ethnicity.
        Ethnic = "ETHNIC", "Ethnicity";
        /// Reason for new episode.
        Rne = "RNE", "Reason for new episode";
        /// Legal status.
        Ls = "LS", "Legal status";
        /// Category of need.
        Cin = "CIN", "Category of need";
        /// Placement type.
        Place = "PLACE", "Placement type";
        /// Who provides the placement.
        PlaceProvider = "PLACE_PROVIDER", "Placement provider";
        /// Reason the episode ceased.
        Rec = "REC", "Reason episode ceased";
        /// Reason the placement changed.
        ReasonPlaceChange = "REASON_PLACE_CHANGE", "Reason for change of placement";
        /// Care leavers (OC3): whether the authority is in touch.
        InTouch = "IN_TOUCH", "In touch";
        /// Care leavers (OC3): activity.
        Activ = "ACTIV", "Activity";
        /// Care leavers (OC3): accommodation, with the suffix that says whether it is suitable.
        Accom = "ACCOM", "Accommodation";
    }
}
