//! The words of a discrepancy.

use hub_domain::words;

words! {
    /// What does not agree.
    DiscrepancyKind("kind of discrepancy") {
        /// A placement out of area, and nobody told the host.
        MissingNotice = "missing_notice", "No notice";
        /// The host was told, and no episode shows the placement.
        MissingEpisode = "missing_episode", "No episode";
        /// The home owes the host a notice of its own, and has given none.
        MissingAdmission = "missing_admission", "No admission notice";
        /// A home admitted a child, and neither notice nor episode shows it.
        ProviderOnly = "provider_only", "Known from the home alone";
        /// A home admitted a child for a short break, of which no notice is due and no stay is shown.
        ShortBreak = "short_break", "Short break";
        /// Two accounts tell one fact in two ways.
        Mismatch = "mismatch", "Accounts differ";
        /// An admission that cannot be joined to a placement without a guess.
        Ambiguous = "ambiguous", "Cannot be joined";
    }
}

words! {
    /// The fact that is told in two ways.
    Field("field of a mismatch") {
        /// First day.
        Start = "start", "Start";
        /// Day it ended, or whether it has.
        End = "end", "End";
        /// The authority whose area it is in.
        Host = "host", "Host authority";
        /// Postcode sector of the address.
        Sector = "sector", "Address sector";
        /// Ofsted URN.
        Urn = "urn", "URN";
        /// Adjoining or at a distance (reg 11(5)), computed and asserted.
        Class = "class", "Approval class";
    }
}

words! {
    /// Why an admission cannot be joined.
    Doubt("doubt") {
        /// More than one placement fits it, or it fits one that another admission fits as well.
        Several = "several", "Fits more than one";
        /// It fits a notice of a child whose birth month the hub does not know yet: the episodes will tell.
        Unconfirmed = "unconfirmed", "Birth month not known yet";
        /// The home does not name the placing authority, and a placement would fit.
        PlacingNotNamed = "placing_not_named", "Placing authority not named";
        /// It may be a short break: the placing authority's return shows one, and does not say in which home.
        MayBeShortBreak = "may_be_short_break", "May be a short break";
        /// The notice it quotes is of a child of another birth month or sex.
        ReferenceContradicted = "reference_contradicted", "Quoted notice is of another child";
    }
}

words! {
    /// Who must act.
    Actor("actor") {
        /// The placing authority.
        Placing = "placing", "Placing authority";
        /// The host authority.
        Host = "host", "Host authority";
        /// Nobody: it is as it should be.
        Nobody = "nobody", "Nobody";
        /// The home, asked by the host.
        Provider = "provider", "Provider, asked by the host";
    }
}
